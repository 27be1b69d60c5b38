// What the pages show of an error: its stable code, and in plain words what happened and what helps.

const TEXTS = {
  ERR_SERVICE_UNREACHABLE: [
    '连不上服务 Service unreachable',
    '请确认服务已启动，再重试。\nStart the service, then try again.',
  ],
  ERR_SERVICE_JSON: [
    '服务返回的不是 JSON Malformed answer',
    '数据可能被截断，请重试。\nThe answer was cut off; try again.',
  ],
  ERR_SERVICE_STATUS: ['服务拒绝了请求 Request refused', '请检查请求参数。\nCheck the request.'],
  ERR_WORKER_START: [
    'Worker 无法启动 Worker did not start',
    '请检查文件路径和 app.json 的 workers。\nCheck the path, and workers in app.json.',
  ],
  ERR_WORKER_BUSY: [
    '已有一个 Worker A worker is running',
    '微信同时只允许一个，请先结束它。\nWeChat allows one: end it first.',
  ],
  ERR_WORKER_LOST: [
    '调用随线程丢失 Lost with its thread',
    'Worker 会自行重启，请重试。\nThe worker restarts by itself; try again.',
  ],
  ERR_WORKER_CLOSED: ['Worker 已结束 Worker closed', '重试会启动新的 Worker。\nRetrying starts a new one.'],
  ERR_CALL_TIMEOUT: ['调用超时 Call timed out', '请稍后重试。\nTry again later.'],
  ERR_NOT_SIMULATED: ['此客户端不能模拟 Not simulated here', '请试试让它卡死。\nLet it hang instead.'],
  ERR_UNKNOWN_PRIORITY: [
    '未知的优先级 Unknown priority',
    '请改用三种已有的优先级之一。\nUse one of the three that exist.',
  ],
  ERR_PORT_CLOSED: ['端口已关闭 Port closed', '请打开新的通道。\nOpen a new channel.'],
};

const UNKNOWN = ['出错了 Something went wrong', '请重试。\nPlease try again.'];

function describe(error) {
  const code = (error && error.code) || (error && error.name) || 'Error';
  const [title, advice] = TEXTS[code] || UNKNOWN;
  return { code: String(code), title, advice, message: String((error && error.message) || error) };
}

module.exports = { describe };
