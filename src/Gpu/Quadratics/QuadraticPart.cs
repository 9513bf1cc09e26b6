using System.Runtime.InteropServices;
using Involute.Gpu.Windows;

namespace Involute.Gpu.Quadratics;

/// <summary>What the kernel is told of a segment; the layout is that of <c>Kernels/quadratic.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct QuadraticPart : IWindowPart
{
    /// <inheritdoc/>
    public int Steps { get; set; }

    /// <summary>Which initial parameters a trajectory begins with; −1: it goes on.</summary>
    public int Fresh;

    /// <summary>Which lanes it begins with; −1: those that are there.</summary>
    public int Loaded;

    /// <summary>Which centre its trajectory has; −1: the one that is there.</summary>
    public int Centre;

    /// <inheritdoc/>
    public int Frozen { get; set; }

    /// <summary>1: losses are measured behind the update.</summary>
    public int After;

    /// <inheritdoc/>
    public long Losses { get; set; }
}
