using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Scripts;

namespace Involute.Torch.Tests.Scripts;

/// <summary>The first loss of a model with the parameters that it begins with.</summary>
internal static class ScriptLosses
{
    public static double First(TorchScriptOptions options)
    {
        var task = options.Create();
        var parameters = new float[task.Parameters.Sum(slice => slice.Length)];
        var key = new TrajectoryKey(1, 0, 0);
        task.Initialise(key, parameters);
        using var batch = task.CreateBatch();
        batch.Prepare(key.At(0), DataSplit.Train, RandomStream.DataOrder);
        return batch.Loss(parameters);
    }
}
