// wx.request as a promise, with an error code for each way in which it fails.
const { serviceUrl } = require('../config.js');

class ServiceError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

function getJson(path, base = serviceUrl) {
  const url = base + path;
  return new Promise((resolve, reject) => {
    const refuse = (code, message) => reject(new ServiceError(code, `${url}: ${message}`));
    wx.request({
      url,
      timeout: 15000,
      success({ statusCode, data }) {
        // WeChat hands out the raw text when it is no JSON.
        if (typeof data === 'string') refuse('ERR_SERVICE_JSON', `no JSON: ${data.slice(0, 40)}`);
        else if (statusCode !== 200)
          refuse('ERR_SERVICE_STATUS', `status ${statusCode}, ${data && data.message}`);
        else resolve(data);
      },
      fail: ({ errMsg }) => refuse('ERR_SERVICE_UNREACHABLE', errMsg),
    });
  });
}

module.exports = { getJson };
