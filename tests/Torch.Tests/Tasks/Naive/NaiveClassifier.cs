namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>Mean softmax cross-entropy of logits.</summary>
/// <param name="images">[examples][pixels], in [0, 1].</param>
/// <param name="labels">One for each.</param>
internal abstract class NaiveClassifier(double[][] images, int[] labels) : NaiveModel
{
    public sealed override double Loss(NamedTensors parameters)
    {
        var logits = Logits(parameters, images);
        return labels.Select((label, i) => NaiveLayers.Surprise(logits[i], label)).Average();
    }

    /// <summary>[examples][classes]</summary>
    protected abstract double[][] Logits(NamedTensors parameters, double[][] batch);
}
