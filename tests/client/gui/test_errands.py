"""What is done is told of, whatever comes of telling something else."""

import pytest

from client.gui.errand import Errand
from client.gui.errands import Errands


def test_one_that_cannot_be_told_of_takes_no_other_along() -> None:
    errands, told = Errands(), list[object]()

    def refuse(errand: Errand) -> None:
        raise RuntimeError(errand.result)

    both = [
        errands.run(lambda: 1, refuse),
        errands.run(lambda: 2, lambda errand: told.append(errand.result)),
    ]
    for errand in both:
        errand.wait(10)
    with pytest.raises(RuntimeError, match="1"):
        errands.look()
    assert errands.look()
    assert (told, errands.look()) == ([2], False)
