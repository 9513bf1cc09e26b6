namespace Involute.Torch.Tests.Scripts;

/// <summary>A tensor of a model in a file.</summary>
/// <param name="Sizes">Its shape.</param>
/// <param name="Values">Row by row.</param>
internal sealed record ScriptTensor(int[] Sizes, float[] Values)
{
    public bool IsTrained { get; init; } = true;

    public bool IsBuffer { get; init; }

    /// <summary>float64 in the file.</summary>
    public bool IsDouble { get; init; }
}
