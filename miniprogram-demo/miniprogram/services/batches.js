// Three batches of tasks that compete for the logic layer, one a priority. Two are queued as a whole, thousands of tasks
// at once. The first arrives bit by bit, as what users and servers send does: urgent tasks wait for one another, too.
const { AbortController, TaskController, TaskSignal, scheduler } = require('mp-lanes');

const BATCHES = [
  { id: 'input', zh: '交互', en: 'Input', priority: 'user-blocking' },
  { id: 'content', zh: '内容', en: 'Content', priority: 'user-visible' },
  { id: 'prefetch', zh: '预取', en: 'Prefetch', priority: 'background' },
];

const ARRIVE_MS = 10; // between two arrivals
const ARRIVE_SHARE = 0.3; // of the logic layer's time, if they get it
const WAITING_MS = 6; // of work; who sends waits for answers, so no more of it is under way

// A batch: `post()` adds a task to it, its counts say what became of them, its controller cancels them and gives them
// another priority. `onSettled` is called when the promise of one of them is settled.
function createBatch({ tasks, priority, work, onSettled }) {
  const controller = new TaskController({ priority });
  // Aborts with the page, too. One for all tasks: the scope's own postTask would join the two for each of them.
  const signal = TaskSignal.any([controller.signal, tasks.signal], { priority: controller.signal });
  const options = { signal };
  const batch = { controller, posted: 0, done: 0, cancelled: 0, failed: 0, failure: null, post };
  const step = () => {
    work();
    batch.done++;
  };
  const onRejected = (error) => {
    if (error.name === 'AbortError') batch.cancelled++;
    else if (batch.failed++ === 0) batch.failure = error;
    onSettled();
  };
  function post() {
    batch.posted++;
    scheduler.postTask(step, options).then(onSettled, onRejected);
  }
  return batch;
}

function waiting({ posted, done, cancelled, failed }) {
  return posted - done - cancelled - failed;
}

// Starts a run of `size` tasks a batch, which ends with the scope `tasks` at the latest. `work()` is what each of
// them does, and takes `costMs()` milliseconds. `ended` is fulfilled when all promises are settled.
function startRun({ tasks, priorities, size, work, costMs }) {
  const stop = new AbortController();
  let open = 0; // promises that are not settled, and who may still post
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  const startedAt = Date.now();
  const onSettled = () => {
    if (--open > 0) return;
    tasks.signal.removeEventListener('abort', cancel);
    end();
  };
  const batches = priorities.map((priority) => createBatch({ tasks, priority, work, onSettled }));
  const post = (batch) => {
    open++;
    batch.post();
  };
  const [arriving, ...queued] = batches;

  // Even posting thousands takes its time, so it is a task in slices itself, and urgent ones go first.
  function* queueAll() {
    for (let n = 0; n < size; n++, yield) queued.forEach(post);
  }

  let timer = null;
  let credit = 0;
  let arrivedAt = Date.now();
  function arrive() {
    const now = Date.now();
    credit += ((now - arrivedAt) * ARRIVE_SHARE) / costMs();
    arrivedAt = now;
    const room = Math.ceil(WAITING_MS / costMs()) - waiting(arriving);
    const due = Math.min(Math.floor(credit), room, size - arriving.posted);
    for (let n = 0; n < due; n++) post(arriving);
    credit -= Math.floor(credit); // what found no room does not come later all at once
    timer = arriving.posted < size ? setTimeout(arrive, ARRIVE_MS) : null;
    if (timer === null) onSettled();
  }

  function cancel() {
    stop.abort();
    batches.forEach(({ controller }) => controller.abort());
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    onSettled();
  }

  open = 2;
  tasks.signal.addEventListener('abort', cancel);
  tasks.postTask(queueAll, { priority: 'user-visible', signal: stop.signal }).then(onSettled, onSettled);
  timer = setTimeout(arrive, ARRIVE_MS);
  return { batches, ended, cancel, ranMs: () => Date.now() - startedAt };
}

module.exports = { startRun, waiting, BATCHES };
