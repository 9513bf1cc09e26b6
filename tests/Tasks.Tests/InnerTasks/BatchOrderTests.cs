using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.InnerTasks;

public sealed class BatchOrderTests
{
    private static readonly TrajectoryKey Trajectory = new(3, 1, 9);

    [Theory]
    [InlineData(128, 128)]
    [InlineData(1000, 33)]
    [InlineData(1023, 128)]
    [InlineData(1024, 128)]
    [InlineData(6000, 128)]
    public void An_epoch_visits_no_example_twice_and_drops_a_short_last_batch(int examples, int batchSize)
    {
        foreach (var epoch in new[] { 0, 5 })
        {
            var seen = Epoch(Trajectory, epoch, DataSplit.Train, RandomStream.DataOrder, examples, batchSize);
            Assert.Equal(examples / batchSize * batchSize, seen.Length);
            Assert.Equal(seen.Length, seen.Distinct().Count());
            Assert.All(seen, i => Assert.InRange(i, 0, examples - 1));
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(6000)]
    public void Epochs_trajectories_pairs_splits_and_purposes_have_orders_of_their_own(int examples)
    {
        int[][] orders =
        [
            Epoch(Trajectory, 0, DataSplit.Train, RandomStream.DataOrder, examples, 10),
            Epoch(Trajectory, 1, DataSplit.Train, RandomStream.DataOrder, examples, 10),
            Epoch(Trajectory with { Trajectory = 10 }, 0, DataSplit.Train, RandomStream.DataOrder, examples, 10),
            Epoch(Trajectory with { Pair = 2 }, 0, DataSplit.Train, RandomStream.DataOrder, examples, 10),
            Epoch(Trajectory with { Seed = 4 }, 0, DataSplit.Train, RandomStream.DataOrder, examples, 10),
            Epoch(Trajectory, 0, DataSplit.InnerValid, RandomStream.DataOrder, examples, 10),
            Epoch(Trajectory, 0, DataSplit.OuterValid, RandomStream.DataOrder, examples, 10),
            Epoch(Trajectory, 0, DataSplit.Test, RandomStream.DataOrder, examples, 10),
            Epoch(Trajectory, 0, DataSplit.Train, RandomStream.MetaDataOrder, examples, 10),
            Epoch(Trajectory, 0, DataSplit.Train, RandomStream.EvaluationDataOrder, examples, 10),
        ];
        for (var i = 0; i < orders.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                // Two independent orders agree in one place on average; ten places would be no accident.
                Assert.InRange(orders[i].Zip(orders[j]).Count(pair => pair.First == pair.Second), 0, 9);
            }
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(6000)]
    public void A_batch_follows_from_its_key_whatever_was_asked_before(int examples)
    {
        var used = new BatchOrder();
        var expected = new int[7];
        var actual = new int[7];
        foreach (var step in new[] { 3, 100_000, 4, 0, 3, int.MaxValue })
        {
            foreach (var split in new[] { DataSplit.Train, DataSplit.Test })
            {
                used.Fill(Trajectory.At(step), split, RandomStream.DataOrder, examples, actual);
                new BatchOrder().Fill(Trajectory.At(step), split, RandomStream.DataOrder, examples, expected);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Theory]
    [InlineData(500, 7)]
    [InlineData(6000, 7)]
    [InlineData(6000, 128)]
    [InlineData(6000, 400)]
    public void Steps_that_follow_one_another_have_the_batches_of_single_steps(int examples, int batchSize)
    {
        var batches = BatchOrder.BatchesPerEpoch(examples, batchSize, DataSplit.Train);
        var used = new BatchOrder();
        var expected = new int[batchSize];
        var actual = new int[batchSize];

        // A window, one that begins inside what the first has looked up, one over the end of an epoch, and one backwards.
        int[] steps =
        [
            .. Enumerable.Range(2, 9), .. Enumerable.Range(4, 3), .. Enumerable.Range(batches - 3, 9),
            .. Enumerable.Range(0, 6).Reverse(),
        ];
        foreach (var step in steps)
        {
            used.Fill(Trajectory.At(step), DataSplit.Train, RandomStream.DataOrder, examples, actual);
            new BatchOrder().Fill(Trajectory.At(step), DataSplit.Train, RandomStream.DataOrder, examples, expected);
            Assert.Equal(expected, actual);
        }
    }

    private static int[] Epoch(
        TrajectoryKey trajectory, int epoch, DataSplit split, RandomStream stream, int examples, int batchSize)
    {
        var order = new BatchOrder();
        var batches = BatchOrder.BatchesPerEpoch(examples, batchSize, split);
        var all = new int[batches * batchSize];
        for (var i = 0; i < batches; i++)
        {
            var key = trajectory.At((epoch * batches) + i);
            order.Fill(key, split, stream, examples, all.AsSpan(i * batchSize, batchSize));
        }

        return all;
    }
}
