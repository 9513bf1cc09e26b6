using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Tests.Support;
using Involute.Torch.Tests.Tasks.Naive;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Tasks;

/// <summary>Which bytes the batches of language tasks have, against the text that comes with the program.</summary>
public sealed class LanguageBatchTests
{
    // As TorchTasks makes them.
    private const int Sequences = 4;
    private const int Length = 7;

    private static readonly Lazy<RawText> Text = new(RawText.Embedded);

    public static MatrixTheoryData<string, DataSplit> Batches() =>
        new(["gru-lm", "lstm-lm", "transformer-lm"], Enum.GetValues<DataSplit>());

    [Theory]
    [MemberData(nameof(Batches))]
    public void An_index_is_the_place_of_a_sequence_in_its_part(string name, DataSplit split)
    {
        TorchRequired.OrSkip();
        using var scope = NewDisposeScope();
        var all = Text.Value.Sequences(split, Length);
        int[] indices = [0, 1, 2, all.Count - 1, all.Count / 2, 17, 17, 0];
        var batch = TorchTasks.Of(name).Gather(tensor(indices).view(2, Sequences), zeros(2, 0), split);
        Assert.Single(batch);
        Assert.Equal([2, Sequences, Length + 1], batch[0].shape);
        Assert.Equal(
            indices.Select(i => all[i]),
            Rows(batch[0]).Select(row => Array.ConvertAll(row, token => Text.Value.Alphabet[(int)token])));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void An_epoch_has_each_sequence_of_its_part_once(string name, DataSplit split)
    {
        var task = TorchTasks.Of(name);
        var all = Text.Value.Sequences(split, Length);
        Assert.Equal(all.Count / Sequences, task.BatchesPerEpoch(split));

        var drawn = new HashSet<int>();
        var shuffling = new BatchOrder();
        var indices = new int[Sequences];
        for (var step = 0; step < task.BatchesPerEpoch(split); step++)
        {
            task.Draw(new TrajectoryKey(1, 0, 0).At(step), split, RandomStream.DataOrder, shuffling, indices, []);
            Assert.All(indices, i => Assert.InRange(i, 0, all.Count - 1));
            Assert.All(indices, i => Assert.True(drawn.Add(i)));
        }
    }

    private static long[][] Rows(Tensor tokens) => [.. tokens.reshape(-1).data<long>().ToArray().Chunk(Length + 1)];
}
