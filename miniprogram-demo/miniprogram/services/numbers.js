// 22315474 → 22,315,474; toLocaleString gives something else on some phones.
function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

module.exports = { grouped };
