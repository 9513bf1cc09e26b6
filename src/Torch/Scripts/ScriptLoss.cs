using Involute.Tasks.Components;

namespace Involute.Torch.Scripts;

/// <summary>What a TorchScript model's output is measured by.</summary>
public enum ScriptLoss
{
    /// <summary>Mean softmax cross-entropy of logits.</summary>
    [Word("mean softmax cross-entropy; the model returns logits, their classes in the last dimension")]
    CrossEntropy,

    /// <summary>Mean squared error.</summary>
    [Word("mean squared error; the model returns what has the targets' shape")]
    SquaredError,

    /// <summary>The output itself.</summary>
    [Word("the model returns its loss, a scalar; it gets the targets as a second argument if there are any")]
    Model,
}
