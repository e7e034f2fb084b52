/** Lines and dots on a canvas. */

/** A line through points, in the pen's own colour and width. */
export function polyline(pen, points) {
  pen.beginPath();
  points.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

/** A line through points, in a style of its own: a colour, and the lengths of its dashes. */
export function stroke(pen, points, { colour, dash }, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  polyline(pen, points);
  pen.setLineDash([]);
}

/** A dot with a white rim, so that it is seen on lines of its own colour. */
export function dot(pen, [x, y], radius, colour) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.strokeStyle = "white";
  pen.lineWidth = 1.5;
  pen.stroke();
}
