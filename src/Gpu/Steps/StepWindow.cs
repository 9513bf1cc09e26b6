using System.Runtime.InteropServices;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Steps;

/// <summary>What a launch of a window is told of it; the layout is that of <c>Kernels/steps.h</c>.</summary>
internal sealed class StepWindow
{
    /// <summary>The pairs that have segments.</summary>
    public List<Job> Jobs { get; } = [];

    /// <summary>Their segments, those of a pair one after the other.</summary>
    public List<Part> Parts { get; } = [];

    /// <summary>For each of <see cref="Parts"/> its index in the call.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>[part, arm, theta].</summary>
    public List<float> Thetas { get; } = [];

    /// <summary>[initial, arm, state]: states that parts begin with.</summary>
    public List<float> Initials { get; } = [];

    /// <summary>[part, step, table]: numbers that the host works out.</summary>
    public List<float> Tables { get; } = [];

    /// <summary>Number of losses.</summary>
    public long Losses { get; private set; }

    /// <summary>Nothing of a window.</summary>
    public void Clear()
    {
        Jobs.Clear();
        Parts.Clear();
        Calls.Clear();
        Thetas.Clear();
        Initials.Clear();
        Tables.Clear();
        Losses = 0;
    }

    /// <summary>Adds a segment of the pair whose turn it is.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="call">Its index in the call.</param>
    /// <param name="initial">Which initial states its lanes begin with; −1: they go on.</param>
    /// <param name="frozen">Which of its lanes are frozen when it begins, one bit each; −1: as they were.</param>
    /// <param name="arms">Lanes of a pair.</param>
    public void Add(in Segment segment, int call, int initial, int frozen, int arms)
    {
        var key = segment.Key;
        Parts.Add(new Part
        {
            Seed0 = (uint)key.Seed,
            Seed1 = (uint)((ulong)key.Seed >> 32),
            Trajectory = key.Trajectory,
            Pair = (uint)key.Pair,
            FirstStep = (uint)segment.FirstStep,
            Steps = segment.Steps,
            Initial = initial,
            Frozen = frozen,
            Losses = Losses,
            Tables = Tables.Count,
        });
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

        /// <summary>How many there are.</summary>
        public int Steps;

        /// <summary>Which initial states; −1: none.</summary>
        public int Initial;

        /// <summary>Frozen lanes; −1: as they were.</summary>
        public int Frozen;

        /// <summary>Where its losses begin.</summary>
        public long Losses;

        /// <summary>Where its tables begin.</summary>
        public long Tables;
    }
}
