using Involute.Tests;
using Xunit;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Exploration;

public sealed class ExplorationTests
{
    private static readonly string[] Exchanged =
    [
        nameof(BlockFailed), nameof(BlockLost), nameof(BlockMissing), nameof(NodeAccepted), nameof(PlaceBlocks),
        nameof(RegisterNode), nameof(ReleaseBlock), nameof(SaveState), nameof(StateSaved), nameof(StepReminder),
        nameof(ThetaMissing), nameof(ThetaPublished), nameof(WindowsAdvanced),
    ];

    [Fact]
    public void Whatever_happens_a_run_ends_with_the_bits_of_the_sequential_program()
    {
        var (from, to) = Explorer.Seeds(1, 2000);

        var tally = Explorer.Run(from, to);

        TestContext.Current.SendDiagnosticMessage("{0}", tally);
        if (to - from >= 999)
        {
            Assert.All(
                Enum.GetValues<Fault>(), fault => Assert.True(tally[fault] > 100, $"hardly any {fault} in: {tally}"));
            Assert.Equal(Exchanged, tally.Arrived.Keys);
            Assert.All(
                tally.Arrived, arrived => Assert.True(arrived.Value > 100, $"hardly any {arrived.Key} in: {tally}"));
            Assert.True(tally.StepsUnderFaults > 3 * (to - from), $"hardly a step under faults: {tally}");
            Assert.True(tally.Recomputed > 100, $"hardly a step was recomputed: {tally}");
        }
    }

    [Fact]
    public void A_seed_decides_all_that_happens() =>
        Assert.Equal(Explorer.Run(7, 30).ToString(), Explorer.Run(7, 30).ToString());

    [Fact]
    public void The_oracle_is_the_sequential_program() => Assert.All(
        Oracles.All,
        oracle => Assert.Equal(
            TestPlans.SequentialHashes(oracle.Plan, oracle.Steps),
            Enumerable.Range(1, oracle.Steps).Select(step => oracle.ThetaHash(step))));
}
