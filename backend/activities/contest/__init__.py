"""现场竞赛: everybody answers the same question at the same moment, paced by a host or by the clock."""
