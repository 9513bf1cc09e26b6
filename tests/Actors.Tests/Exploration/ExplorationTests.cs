using Involute.Actors.Tests.Doubles;
using Xunit;

namespace Involute.Actors.Tests.Exploration;

public sealed class ExplorationTests
{
    [Fact]
    public void Whatever_happens_a_run_ends_with_the_bits_of_the_sequential_program()
    {
        var (from, to) = Explorer.Seeds(1, 1200);

        var tally = Explorer.Run(from, to);

        TestContext.Current.SendDiagnosticMessage("{0}", tally);
        if (to - from >= 999)
        {
            Assert.All(
                Enum.GetValues<Fault>(), fault => Assert.True(tally[fault] > 100, $"hardly any {fault} in: {tally}"));
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
            Plans.SequentialHashes(oracle.Plan, oracle.Steps),
            Enumerable.Range(1, oracle.Steps).Select(step => oracle.ThetaHash(step))));
}
