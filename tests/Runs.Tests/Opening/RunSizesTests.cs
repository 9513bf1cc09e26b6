using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;
using Involute.Tasks.Components;
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
    public void What_its_store_cannot_take_is_refused_with_the_number_of_pairs_that_it_takes()
    {
        var configuration = new RunConfiguration { Pairs = 1000, Store = new Small() };
        var refusal = Assert.Throws<ConfigurationException>(() => new RunSizes(4, 8, 1000, 2 << 20).Require(configuration));

        Assert.Equal(
            "the settings: involute.pairs: a checkpoint would have 2.0 MiB, and store small takes 1.0 MiB; allowed: at most 497 "
                + "pairs, or a smaller task",
            refusal.Message);
        new RunSizes(4, 8, 1000, 1000 << 10).Require(configuration);
    }

    [Fact]
    public void A_run_whose_states_do_not_fit_into_memory_is_refused()
    {
        var configuration = new RunConfiguration { Store = new Endless() };

        Assert.Contains(
            "and this machine has",
            Assert.Throws<ConfigurationException>(
                () => new RunSizes(4, 8, 16, 1L << 50).Require(configuration)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(200L << 20, "200 MiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Bytes_are_written_for_a_person(long bytes, string text) => Assert.Equal(text, RunSizes.Text(bytes));

    [Component("small", "takes one MiB")]
    private sealed record Small : StoreOptions
    {
        public override bool IsShared => false;

        public override long MostCheckpointBytes => 1 << 20;

        public override IRunStore Create(string runFolder, RunId runId) => new SqliteRunStore(runFolder, runId);
    }

    [Component("endless", "takes anything")]
    private sealed record Endless : StoreOptions
    {
        public override bool IsShared => false;

        public override long MostCheckpointBytes => long.MaxValue;

        public override IRunStore Create(string runFolder, RunId runId) => new SqliteRunStore(runFolder, runId);
    }
}
