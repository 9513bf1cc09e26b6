using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Colours of the pictures of a run.</summary>
public enum PlotColours
{
    /// <summary>Dark lines on white.</summary>
    [Word("on white")]
    Light,

    /// <summary>Bright lines on almost black.</summary>
    [Word("on almost black")]
    Dark,
}
