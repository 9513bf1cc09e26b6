namespace Involute.Gpu.Windows;

/// <summary>What every kernel is told of a segment.</summary>
internal interface IWindowPart
{
    /// <summary>How many steps there are.</summary>
    int Steps { get; set; }

    /// <summary>Which lanes are frozen when it begins, one bit each; −1: those that were.</summary>
    int Frozen { get; set; }

    /// <summary>Where its losses begin: that of step s and arm a is at <c>Losses + s · arms + a</c>.</summary>
    long Losses { get; set; }
}
