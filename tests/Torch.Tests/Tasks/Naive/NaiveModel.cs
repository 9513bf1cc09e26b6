namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>A second implementation of a task, by loops in double, for one batch that it holds.</summary>
internal abstract class NaiveModel
{
    /// <summary>The mean loss of the batch.</summary>
    public abstract double Loss(NamedTensors parameters);
}
