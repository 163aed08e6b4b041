"""“抽奖”: prizes, pools, draws that anybody can verify, and the handing out.

The way of a draw: `committing.commit_draw` fixes and lists the pool and shows the commitment to
seed and pool → `service.draw` picks, perhaps with a word that the hall calls out → `service.reveal`
shows the seed. `rules` alone says who is picked: a pure function of seed, commitment, word and the
size of the pool. No operation takes a winner, a weight, a seed or an order, so nobody can choose a
winner.
"""
