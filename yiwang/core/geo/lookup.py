"""Point in polygon by a table of squares: most squares lie in one area whole, only the others need geometry."""

from collections.abc import Sequence

import numpy as np
import shapely

from .errors import N_, GeoError
from .plane import Plane

OUTSIDE = -1
_MIXED = -2  # a square crossed by a border: -2 - k points to the k-th candidate list
_LARGEST_TABLE = 16_000_000


class GridLookup:
    """Finds, for a point, the first of the outlines in `order` that holds it (borders included).

    The answers are positions in `outlines`, or OUTSIDE; exactly those of testing every outline in turn.
    """

    def __init__(
        self, outlines: np.ndarray, order: Sequence[int], plane: Plane, cell_m: float, start_cells: int = 64
    ):
        self._outlines = outlines
        self._order = np.asarray(order)
        shapely.prepare(outlines)
        west, south, east, north = (float(v) for v in shapely.total_bounds(outlines))
        # Squares of the last size, as many as a whole number of the first, coarse ones.
        per_coarse = start_cells
        step_lon, step_lat = cell_m / plane.metres_per_lon, cell_m / plane.metres_per_lat
        coarse_x = int((east - west) / (step_lon * per_coarse)) + 1
        coarse_y = int((north - south) / (step_lat * per_coarse)) + 1
        self._nx, self._ny = coarse_x * per_coarse, coarse_y * per_coarse
        if self._nx * self._ny > _LARGEST_TABLE:
            raise GeoError(
                "outline",
                N_("the areas reach over %(width).0f × %(height).0f km; choose larger squares"),
                {
                    "width": (east - west) * plane.metres_per_lon / 1000,
                    "height": (north - south) * plane.metres_per_lat / 1000,
                },
            )
        self._west, self._south = west, south
        self._step_lon, self._step_lat = step_lon, step_lat
        self._table = np.full((self._ny, self._nx), OUTSIDE, dtype=np.int32)
        self._lists: list[tuple[int, ...]] = []
        self._fill(per_coarse)
        self._flat = self._table.ravel().tolist()

    def _fill(self, size: int) -> None:
        """Settle squares from coarse to fine; only those that a border crosses are split."""
        xs, ys = np.meshgrid(np.arange(0, self._nx, size), np.arange(0, self._ny, size))
        xs, ys = xs.ravel(), ys.ravel()
        tree = shapely.STRtree(self._outlines)
        rank = np.empty(len(self._outlines), dtype=np.int64)
        rank[self._order] = np.arange(len(self._order))
        ids: dict[tuple[int, ...], int] = {}
        while len(xs):
            boxes = self._boxes(xs, ys, size)
            square, area = tree.query(boxes, predicate="intersects")
            by_rank = np.lexsort((rank[area], square))
            square, area = square[by_rank], area[by_rank]
            whole = shapely.covers(self._outlines[area], boxes[square])
            first = np.searchsorted(square, np.arange(len(boxes)))
            counts = np.searchsorted(square, np.arange(len(boxes)), side="right") - first
            settled = counts == 0
            value = np.full(len(boxes), OUTSIDE, dtype=np.int32)
            some = counts > 0
            pure = np.zeros(len(boxes), dtype=bool)
            pure[some] = whole[first[some]]
            value[pure] = area[first[pure]]
            settled |= pure
            if size == 1:
                for n in np.flatnonzero(~settled):
                    value[n] = self._mixed(area[first[n] :][: counts[n]], whole[first[n] :][: counts[n]], ids)
                settled[:] = True
            for n in np.flatnonzero(settled & (value != OUTSIDE)):
                self._table[ys[n] : ys[n] + size, xs[n] : xs[n] + size] = value[n]
            xs, ys = self._split(xs[~settled], ys[~settled], size)
            size //= 2

    def _boxes(self, xs, ys, size):
        # A hair larger than the square: rounding may put a point of the edge into the neighbour.
        hair = 1e-7
        return shapely.box(
            self._west + (xs - hair) * self._step_lon,
            self._south + (ys - hair) * self._step_lat,
            self._west + (xs + size + hair) * self._step_lon,
            self._south + (ys + size + hair) * self._step_lat,
        )

    @staticmethod
    def _split(xs, ys, size):
        half = size // 2
        return np.concatenate([xs, xs + half, xs, xs + half]), np.concatenate([ys, ys, ys + half, ys + half])

    def _mixed(self, areas, whole, ids) -> int:
        """The mark of a border square; candidates after the first that covers the square can never win."""
        last = int(np.argmax(whole)) + 1 if whole.any() else len(areas)
        key = tuple(int(a) for a in areas[:last])
        if key not in ids:
            ids[key] = len(self._lists)
            self._lists.append(key)
        return _MIXED - ids[key]

    def one(self, lon: float, lat: float) -> int:
        x, y = (lon - self._west) / self._step_lon, (lat - self._south) / self._step_lat
        if not (0.0 <= x < self._nx and 0.0 <= y < self._ny):
            return OUTSIDE
        found = self._flat[int(y) * self._nx + int(x)]
        if found > _MIXED:
            return found
        for area in self._lists[_MIXED - found]:
            if shapely.intersects_xy(self._outlines[area], lon, lat):
                return area
        return OUTSIDE

    def many(self, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
        x, y = (lons - self._west) / self._step_lon, (lats - self._south) / self._step_lat
        inside = (x >= 0.0) & (x < self._nx) & (y >= 0.0) & (y < self._ny)
        found = np.full(lons.shape, OUTSIDE, dtype=np.int32)
        found[inside] = self._table[y[inside].astype(np.int64), x[inside].astype(np.int64)]
        border = np.flatnonzero(found <= _MIXED)
        # Border points by candidate list: each outline tests all its points in one call.
        border = border[np.argsort(found[border], kind="stable")]
        marks, starts = np.unique(found[border], return_index=True)
        for mark, chosen in zip(marks, np.split(border, starts[1:]), strict=False):
            left = chosen
            found[chosen] = OUTSIDE
            for area in self._lists[_MIXED - mark]:
                hit = shapely.intersects_xy(self._outlines[area], lons[left], lats[left])
                found[left[hit]] = area
                left = left[~hit]
                if not len(left):
                    break
        return found
