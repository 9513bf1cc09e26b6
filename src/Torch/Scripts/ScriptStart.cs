using Involute.Tasks.Components;

namespace Involute.Torch.Scripts;

/// <summary>With what parameters a trajectory of a TorchScript model begins.</summary>
public enum ScriptStart
{
    /// <summary>Those of the file, the same for every trajectory.</summary>
    [Word("the parameters of the file, the same for every trajectory")]
    File,

    /// <summary>Drawn for each trajectory, with the moments that each tensor has in the file.</summary>
    [Word(
        "drawn for each trajectory: each tensor normal, with the mean and the standard deviation that it has in the "
        + "file; one of equal values keeps them")]
    Redrawn,
}
