using Involute.Tests;

namespace Involute.Actors.Tests.Exploration;

/// <summary>The plans that are explored, with the sequential program's results; computed once.</summary>
internal static class Oracles
{
    public const int Steps = 12;

    public static IReadOnlyList<Oracle> All { get; } =
    [
        new(TestPlans.Sgd(), Steps),
        new(TestPlans.Sgd() with { PairsPerActor = 3 }, Steps),
        new(TestPlans.Adam(pairsPerActor: 1, pairs: 4), Steps),
        new(TestPlans.Adam(pairsPerActor: 3, pairs: 7), Steps),
    ];

    public static Oracle Any(Chance chance) => All[chance.Below(All.Count)];
}
