import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spatial.tessellate.share import allot, share_out

weights = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40).map(np.array)


@given(weights, st.integers(0, 100_000))
def test_shares_are_whole_and_sum_exactly(weight, total):
    shares = share_out(weight, total)
    assert shares.sum() == total
    assert (np.abs(shares - weight / weight.sum() * total) < 1 + 1e-6).all()


def test_allotment_keeps_the_largest_load_smallest():
    assert allot(np.array([10.0, 20.0, 70.0]), 10).tolist() == [1, 2, 7]
    assert allot(np.array([0.1, 99.9]), 5).tolist() == [1, 4]
