using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Opening;

public sealed class RunSizesTests
{
    [Fact]
    public void A_checkpoint_is_as_large_as_it_was_said_to_be()
    {
        foreach (var plan in new[] { TestPlans.Sgd(), TestPlans.Adam() })
        {
            var state = OuterState<float>.Initial(plan);
            var slot = new ComputeSlot<float>();
            var pairs = plan.Blocks().Select(block =>
            {
                using var one = new PairState<float>(plan, block);
                one.RunWindow(state.Theta, slot);
                return new PairSnapshot(block, one.Save());
            }).ToList();
            var written = CheckpointFormat.Write(
                new Checkpoint(new RunId("a-name"), Sample.Identity, state, 1, pairs)).Length;

            var sizes = RunSizes.Of(plan);

            Assert.Equal(pairs.Sum(pair => (long)pair.State.Length), sizes.StateBytes);
            Assert.InRange(sizes.CheckpointBytes - written, 0, 64);
        }
    }

    [Fact]
    public void A_block_whose_state_is_no_message_is_refused_with_the_number_of_pairs_that_would_do()
    {
        var configuration = new RunConfiguration { Pairs = 1000, PairsPerActor = 500 };
        var refusal = Assert.Throws<ConfigurationException>(
            () => new RunSizes(4, 8, 2, 4_000_000_000, 2_000_000_000).Require(configuration));

        Assert.Equal(
            "the settings: involute.pairs-per-actor: the state of 500 pairs would have 1.9 GiB, and an actor's may have 954 MiB; "
                + "allowed: at most 250 pairs per actor, or a smaller task",
            refusal.Message);
    }

    [Fact]
    public void A_run_whose_states_do_not_fit_into_memory_is_refused() => Assert.Contains(
        "and this machine has",
        Assert.Throws<ConfigurationException>(
            () => new RunSizes(4, 8, 16, 1L << 50, 1000).Require(new RunConfiguration())).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(200L << 20, "200 MiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Bytes_are_written_for_a_person(long bytes, string text) => Assert.Equal(text, ByteSize.Text(bytes));
}
