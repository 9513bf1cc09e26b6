using System.Runtime.InteropServices;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Quadratics;

/// <summary>What a launch of a window is told of it; the layout is that of <c>Kernels/quadratic.h</c>.</summary>
internal sealed class QuadraticWindow
{
    /// <summary>The pairs that have segments.</summary>
    public List<Job> Jobs { get; } = [];

    /// <summary>Their segments, those of a pair one after the other.</summary>
    public List<Part> Parts { get; } = [];

    /// <summary>For each of <see cref="Parts"/> its index in the call.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>[part, arm, theta].</summary>
    public List<float> Thetas { get; } = [];

    /// <summary>[fresh, element]: parameters that trajectories begin with.</summary>
    public List<float> Fresh { get; } = [];

    /// <summary>[loaded, arm, number]: lanes that were here and not there.</summary>
    public List<float> Loaded { get; } = [];

    /// <summary>[centre, element].</summary>
    public List<float> Centres { get; } = [];

    /// <summary>Number of losses.</summary>
    public long Losses { get; private set; }

    /// <summary>Nothing of a window.</summary>
    public void Clear()
    {
        Jobs.Clear();
        Parts.Clear();
        Calls.Clear();
        Thetas.Clear();
        Fresh.Clear();
        Loaded.Clear();
        Centres.Clear();
        Losses = 0;
    }

    /// <summary>Adds a segment of the pair whose turn it is.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="call">Its index in the call.</param>
    /// <param name="part">What it begins with.</param>
    /// <param name="arms">Lanes of a pair.</param>
    public void Add(in Segment segment, int call, Part part, int arms)
    {
        part.Steps = segment.Steps;
        part.After = segment.LossTime.AfterUpdate ? 1 : 0;
        part.Losses = Losses;
        Parts.Add(part);
        Calls.Add(call);
        Losses += (long)segment.Steps * arms;
    }

    /// <summary>The segments of one pair.</summary>
    /// <param name="Pair">Index of the pair.</param>
    /// <param name="First">Its first part.</param>
    /// <param name="Count">How many it has.</param>
    /// <param name="Padding">To 16 bytes.</param>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Job(int Pair, int First, int Count, int Padding);

    /// <summary>A segment.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Part
    {
        /// <summary>How many steps there are.</summary>
        public int Steps;

        /// <summary>Which initial parameters a trajectory begins with; −1: it goes on.</summary>
        public int Fresh;

        /// <summary>Which lanes it begins with; −1: those that are there.</summary>
        public int Loaded;

        /// <summary>Which centre its trajectory has; −1: the one that is there.</summary>
        public int Centre;

        /// <summary>Frozen lanes, one bit each; −1: as they were.</summary>
        public int Frozen;

        /// <summary>1: losses are measured behind the update.</summary>
        public int After;

        /// <summary>Where its losses begin.</summary>
        public long Losses;
    }
}
