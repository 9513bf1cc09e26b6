using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Adjoint;

/// <summary>Steps to go back through: of a tape, with the weight of each step's loss.</summary>
/// <param name="Tape">Where a lane has been.</param>
/// <param name="Weights">Of its steps.</param>
/// <param name="Steps">Steps up to the last one that counts.</param>
/// <param name="Pair">Whose lane it is.</param>
/// <param name="Sum">Where the derivative goes.</param>
internal sealed record TapedLane(LaneTape Tape, double[] Weights, int Steps, int Pair, int Sum);

/// <summary>The window that stacked lanes have gone, from their tapes; batches are drawn again.</summary>
/// <param name="task">The task as torch computes it.</param>
/// <param name="lanes">Those with the most steps first.</param>
/// <param name="time">When a loss is measured.</param>
/// <param name="stateOffset">Floats of a lane before the optimizer's state.</param>
/// <param name="laneLength">Floats of a lane.</param>
internal sealed class TapedWindow(
    TorchTask task, IReadOnlyList<TapedLane> lanes, LossTime time, int stateOffset, int laneLength) : IRecordedWindow
{
    private readonly BatchOrder[] _shuffling = [.. lanes.Select(_ => new BatchOrder())];
    private readonly BatchOrder[] _metaShuffling = [.. lanes.Select(_ => new BatchOrder())];
    private readonly long _parameters = task.Parameters[^1].Offset + task.Parameters[^1].Length;

    /// <inheritdoc/>
    public int Steps => lanes[0].Steps;

    /// <inheritdoc/>
    public RecordedStep Step(int back)
    {
        var count = 0;
        while (count < lanes.Count && lanes[count].Steps > back)
        {
            count++;
        }

        var values = new float[count * laneLength];
        var weights = new float[count];
        var keys = new StepKey[count];
        for (var i = 0; i < count; i++)
        {
            var step = lanes[i].Steps - 1 - back;
            lanes[i].Tape.States[step].CopyTo(values.AsSpan(i * laneLength, laneLength));
            weights[i] = (float)lanes[i].Weights[step];
            keys[i] = lanes[i].Tape.Key.At(lanes[i].Tape.FirstStep + step);
        }

        using var none = no_grad();
        var device = task.Place.Ready();
        var states = tensor(values).view(count, laneLength).to(device);
        var train = DrawnBatch.Of(task, keys, DataSplit.Train, RandomStream.DataOrder, _shuffling.AsSpan(0, count));
        var meta = time.Split is { } split
            ? DrawnBatch.Of(task, keys, split, RandomStream.MetaDataOrder, _metaShuffling.AsSpan(0, count))
            : train;
        return new RecordedStep(
            states.narrow(1, 0, _parameters), states.narrow(1, stateOffset, laneLength - stateOffset),
            new StepBatch(train, meta), tensor(weights).to(device));
    }
}
