// What befalls a worker: its state, how often it was started again, and how long there was none.

// onState(life) hears of each change, and how it is now; onDeath(message) of what a thread died of. The result ends that.
// life is { state, restarts, downMs }: `downMs` from the last death until there was a thread again, null before the first.
function watchWorker(worker, { onState, onDeath }) {
  const life = { state: worker.state, restarts: 0, downMs: null };
  let diedAt = null;
  const change = () => {
    life.state = worker.state;
    if (worker.state === 'restarting') {
      life.restarts++;
      if (diedAt === null) diedAt = Date.now();
    } else if (worker.state === 'ready' && diedAt !== null) {
      life.downMs = Date.now() - diedAt;
      diedAt = null;
    }
    onState(life);
  };
  const tell = ({ error, message }) => {
    if (error && error.code === 'ERR_WORKER_LOST') onDeath(message);
  };
  worker.addEventListener('statechange', change);
  worker.addEventListener('error', tell);
  onState(life);
  return () => {
    worker.removeEventListener('statechange', change);
    worker.removeEventListener('error', tell);
  };
}

module.exports = { watchWorker };
