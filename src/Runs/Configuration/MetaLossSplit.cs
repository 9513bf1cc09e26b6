using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>When in an inner step, and on what data, the loss that meta-training minimises is measured.</summary>
public enum MetaLossSplit
{
    /// <summary>Before the update, on the batch that it is computed from.</summary>
    [Word("before the update, on the batch that it is computed from")]
    BeforeUpdate,

    /// <summary>After the update, on the batch that it was computed from.</summary>
    [Word("after the update, on the same batch")]
    SameData,

    /// <summary>After the update, on another batch of the training data.</summary>
    [Word("after the update, on another batch of the training data")]
    Train,

    /// <summary>After the update, on a batch of the inner validation data.</summary>
    [Word("after the update, on a batch of the inner validation data")]
    InnerValid,

    /// <summary>After the update, on a batch of the outer validation data.</summary>
    [Word("after the update, on a batch of the outer validation data")]
    OuterValid,
}
