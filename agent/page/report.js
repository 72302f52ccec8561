// Draws the plots of a report. Its data are in the page; nothing is fetched.
(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('plots').textContent);
  const root = document.documentElement;
  const moment = new Intl.DateTimeFormat('en-GB', {timeZone: data.zone, dateStyle: 'medium', timeStyle: 'short'});
  const colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const number = (value, digits) => value.toLocaleString('en-GB', {maximumSignificantDigits: digits});
  const unlikely = 3;  // 1 in 1,000: what an alert needs at least

  // What the yardsticks said at each moment.
  const stepped = (times, levels, column) => {
    let at = -1;
    return times.map(time => {
      while (at + 1 < levels.length && levels[at + 1][0] <= time) ++at;
      return at < 0 ? null : levels[at][column];
    });
  };

  const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

  // Readings beyond it are cut off rather than making all others a flat line; limits count unless they are far away.
  const heights = (values, levels) => {
    const sorted = values.filter(value => value !== null).sort((a, b) => a - b);
    if (!sorted.length) return [0, 1];
    let low = quantile(sorted, 0.005), high = quantile(sorted, 0.995);
    const reach = 4 * Math.max(high - low, Math.abs(high) / 100, 1e-9);
    for (const level of levels.slice(1).concat(levels.slice(0, 1)).flatMap(level => level.slice(1))) {
      if (level === null || level < low - reach || level > high + reach) continue;
      low = Math.min(low, level);
      high = Math.max(high, level);
    }
    const room = Math.max((high - low) * 0.08, 1e-9);
    return [low - room, high + room];
  };

  const columns = plot => {
    const series = data.series[plot.series];
    const times = series.times.map(offset => series.start + offset);
    const values = series.values.slice(), evidence = series.evidence.slice();
    // The axis shows what was unknown at its ends as well, and what was foretold.
    const told = plot.fan ? plot.fan.at + (plot.fan.high ?? 1.5 * plot.fan.mid) : plot.to;
    const end = Math.max(plot.to, Math.min(told, plot.to + 0.25 * (plot.to - plot.from)));
    if (!times.length || plot.from < times[0]) times.unshift(plot.from), values.unshift(null), evidence.unshift(null);
    if (end > times[times.length - 1]) times.push(end), values.push(null), evidence.push(null);
    return {times, values, evidence, levels: series.levels, learned: series.learned, range: heights(values, series.levels)};
  };

  const line = (u, at, name, dash) => {
    const x = u.valToPos(at, 'x', true), {top, height} = u.bbox;
    u.ctx.save();
    u.ctx.strokeStyle = colour(name);
    u.ctx.lineWidth = 1.5 * devicePixelRatio;
    u.ctx.setLineDash(dash.map(each => each * devicePixelRatio));
    u.ctx.beginPath();
    u.ctx.moveTo(x, top);
    u.ctx.lineTo(x, top + height);
    u.ctx.stroke();
    u.ctx.restore();
  };

  const clipped = (u, draw) => {
    u.ctx.save();
    u.ctx.beginPath();
    u.ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    u.ctx.clip();
    draw(u.ctx);
    u.ctx.restore();
  };

  const learning = (u, learned) => clipped(u, ctx => {
    const from = u.valToPos(learned.from, 'x', true), to = u.valToPos(learned.to, 'x', true);
    const low = u.valToPos(learned.low, 'y', true), high = u.valToPos(learned.high, 'y', true);
    ctx.fillStyle = colour('healthy');
    ctx.globalAlpha = 0.13;
    ctx.fillRect(from, high, u.bbox.left + u.bbox.width - from, low - high);
    ctx.globalAlpha = 0.1;
    ctx.fillRect(from, u.bbox.top, to - from, u.bbox.height);
  });

  const fan = (u, {at, value, low, mid, high, limit}) => clipped(u, ctx => {
    const point = (hours, y) => [u.valToPos(at + hours, 'x', true), u.valToPos(y, 'y', true)];
    const far = high ?? 20 * mid + 1;  // open above: nearly level
    ctx.fillStyle = ctx.strokeStyle = colour('fan');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.globalAlpha = 0.2;
    ctx.beginPath();
    ctx.moveTo(...point(0, value));
    ctx.lineTo(...point(low, limit));
    ctx.lineTo(...point(far, limit));
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.moveTo(...point(0, value));
    ctx.lineTo(...point(mid, limit));
    ctx.stroke();
  });

  const marks = (u, plot) => {
    line(u, plot.raised, 'ink', [4, 3]);
    if (plot.dispatched && plot.dispatched !== plot.raised) line(u, plot.dispatched, 'ink', []);
    if (plot.cleared) line(u, plot.cleared, 'healthy', [2, 3]);
  };

  const years = 31536000, months = 2419200, days = 86400;
  const dates = [
    [years, '{YYYY}', null, null, null, null, null, null, 1],
    [months, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
    [days, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
    [3600, '{HH}:{mm}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
    [60, '{HH}:{mm}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
  ];

  const axis = more => ({
    stroke: colour('soft'),
    font: '12px system-ui, sans-serif',
    grid: {stroke: colour('line'), width: 1},
    ticks: {show: false},
    ...more,
  });

  const common = (key, width, height) => ({
    width,
    height,
    padding: [8, 28, 6, 0],
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1e3), data.zone),
    legend: {show: false},
    cursor: {sync: {key, setSeries: false}, drag: {x: true, y: false}, points: {size: 6}},
  });

  const readings = (box, plot, shown, width) => new uPlot({
    ...common(box.id, width, 250),
    scales: {y: {range: shown.range}},
    axes: [
      axis({values: dates, space: 70}),
      axis({size: 62, values: (u, ticks) => ticks.map(tick => number(tick, 4))}),
    ],
    series: [
      {},
      {stroke: colour('reading'), width: 1.25, points: {show: shown.times.length < 120, size: 4}},
      {stroke: colour('healthy'), width: 1.5, points: {show: false}},
      {stroke: colour('warn'), width: 1.25, dash: [6, 4], points: {show: false}},
      {stroke: colour('limit'), width: 1.5, points: {show: false}},
    ],
    hooks: {
      drawClear: [u => shown.learned && learning(u, shown.learned)],
      draw: [u => {
        if (plot.fan) fan(u, plot.fan);
        marks(u, plot);
      }],
      setCursor: [u => tell(box, plot, shown, u.cursor.idx)],
    },
  }, [shown.times, shown.values, ...[1, 2, 3].map(column => stepped(shown.times, shown.levels, column))],
  box.querySelector('.plot'));

  const doubts = (box, plot, shown, width) => new uPlot({
    ...common(box.id, width, 110),
    scales: {y: {range: (u, low, high) => [0, Math.max(6, high ?? 0) * 1.05]}},
    axes: [
      axis({values: dates, space: 70, show: false}),
      axis({size: 44, space: 28, label: 'evidence', labelFont: '12px system-ui, sans-serif', labelSize: 18, values: (u, ticks) => ticks.map(tick => Number.isInteger(tick) ? tick : '')}),
    ],
    series: [
      {},
      {stroke: colour('fan'), fill: colour('fan') + '33', width: 1, points: {show: false}},
      {stroke: colour('warn'), width: 1, dash: [6, 4], points: {show: false}},
    ],
    hooks: {draw: [u => marks(u, plot)], setCursor: [u => tell(box, plot, shown, u.cursor.idx)]},
  }, [shown.times, shown.evidence, shown.times.map(() => unlikely)], box.querySelector('.plot'));

  const tell = (box, plot, shown, at) => {
    const known = at !== null && at !== undefined && shown.values[at] !== null && shown.values[at] !== undefined;
    const evidence = known ? shown.evidence[at] : null;
    box.querySelector('.readout').textContent = !known ? '' :
      `${moment.format(shown.times[at] * 1e3)}: ${number(shown.values[at], 4)} ${data.series[plot.series].unit}` +
      (evidence ? `, evidence ${number(evidence, 2)}` : '');
  };

  const drawn = new Map();
  const draw = box => {
    const plot = data.plots[box.dataset.plot], shown = columns(plot), width = box.clientWidth;
    erase(box);
    drawn.set(box, [readings(box, plot, shown, width), doubts(box, plot, shown, width)]);
  };
  const erase = box => {
    for (const each of drawn.get(box) ?? []) each.destroy();
    drawn.delete(box);
  };
  const boxes = [...document.querySelectorAll('figure[data-plot]')];
  const redraw = () => [...drawn.keys()].forEach(draw);

  // A page of a hundred alerts draws what somebody looks at.
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries) if (entry.isIntersecting && !drawn.has(entry.target)) draw(entry.target);
  }, {rootMargin: '400px'});
  const sized = new ResizeObserver(entries => {
    for (const {target} of entries) {
      for (const each of drawn.get(target) ?? []) {
        if (each.width !== target.clientWidth) each.setSize({width: target.clientWidth, height: each.height});
      }
    }
  });
  for (const box of boxes) seen.observe(box), sized.observe(box);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('beforeprint', () => {
    root.classList.add('on-paper');
    boxes.forEach(draw);
  });
  addEventListener('afterprint', () => {
    root.classList.remove('on-paper');
    redraw();
  });
})();
