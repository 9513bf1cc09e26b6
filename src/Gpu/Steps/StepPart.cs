using System.Runtime.InteropServices;
using Involute.Gpu.Windows;

namespace Involute.Gpu.Steps;

/// <summary>What the kernel is told of a segment; the layout is that of <c>Kernels/steps.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StepPart : IWindowPart
{
    /// <summary>Low half of the seed.</summary>
    public uint Seed0;

    /// <summary>High half of the seed.</summary>
    public uint Seed1;

    /// <summary>The pair's trajectory.</summary>
    public uint Trajectory;

    /// <summary>The pair, as keys know it.</summary>
    public uint Pair;

    /// <summary>The first step.</summary>
    public uint FirstStep;

    /// <inheritdoc/>
    public int Steps { get; set; }

    /// <summary>Which initial states its lanes begin with; −1: they go on.</summary>
    public int Initial;

    /// <inheritdoc/>
    public int Frozen { get; set; }

    /// <inheritdoc/>
    public long Losses { get; set; }

    /// <summary>Where the numbers begin that the host has worked out for it.</summary>
    public long Tables;
}
