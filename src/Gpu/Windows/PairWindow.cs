using System.Numerics;
using System.Runtime.InteropServices;
using Involute.Gpu.Networks;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Windows;

/// <summary>The segments of a call, pair by pair, as a launch is told of them: a thread for each lane runs those of its pair.</summary>
/// <typeparam name="TPart">What the kernel is told of a segment.</typeparam>
/// <param name="pairs">Number of pairs of the unroll.</param>
/// <param name="arms">Lanes of a pair.</param>
/// <param name="prepare">What kernels take instead of an arm's theta, as many numbers; theta itself, if not said.</param>
internal sealed class PairWindow<TPart>(int pairs, int arms, Prepare? prepare = null)
    where TPart : unmanaged, IWindowPart
{
    private readonly SegmentQueue _queue = new(pairs);
    private readonly List<PairJob> _jobs = [];
    private readonly List<TPart> _parts = [];
    private readonly List<int> _calls = [];
    private readonly List<float> _thetas = [];

    /// <summary>A lane's flag.</summary>
    public delegate ref bool FrozenLane(int pair, int arm);

    /// <summary>Says what is special about a segment: all but what <see cref="IWindowPart"/> has.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="isFirst">Whether it is the first of its pair in the call.</param>
    /// <param name="thetas">Those of the call.</param>
    public delegate TPart PartOf(in WindowSegment segment, bool isFirst, ArmThetas<float> thetas);

    /// <summary>The pairs that have segments.</summary>
    public ReadOnlySpan<PairJob> Jobs => CollectionsMarshal.AsSpan(_jobs);

    /// <summary>Their segments, those of a pair one after the other.</summary>
    public ReadOnlySpan<TPart> Parts => CollectionsMarshal.AsSpan(_parts);

    /// <summary>[part, arm, theta].</summary>
    public ReadOnlySpan<float> Thetas => CollectionsMarshal.AsSpan(_thetas);

    /// <summary>Number of losses.</summary>
    public int Losses { get; private set; }

    /// <summary>Segments that begin nothing, as those of a window; valid until the next call.</summary>
    public ReadOnlySpan<WindowSegment> OfWindow(ReadOnlySpan<Segment> segments) => _queue.OfWindow(segments);

    /// <summary>Takes the segments of a call.</summary>
    public void Fill(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, FrozenLane frozen, PartOf partOf)
    {
        _jobs.Clear();
        _parts.Clear();
        _calls.Clear();
        _thetas.Clear();
        Losses = 0;
        _queue.Fill(segments);
        for (var pair = 0; pair < pairs; pair++)
        {
            var first = _parts.Count;
            while (_queue.TryTake(pair, out var call))
            {
                ref readonly var segment = ref segments[call];
                var part = partOf(segment, _parts.Count == first, thetas);
                part.Frozen = segment.Begins is not null ? 0 : _parts.Count == first ? Frozen(pair, frozen) : -1;
                part.Steps = segment.Segment.Steps;
                part.Losses = Losses;
                Losses = checked(Losses + (part.Steps * arms));
                _parts.Add(part);
                _calls.Add(call);
                for (var arm = 0; arm < arms; arm++)
                {
                    var theta = thetas[segment.Thetas, arm];
                    _thetas.AddRange(theta);
                    prepare?.Invoke(theta, CollectionsMarshal.AsSpan(_thetas)[^theta.Length..]);
                }
            }

            if (_parts.Count > first)
            {
                _jobs.Add(new PairJob(pair, first, _parts.Count - first, 0));
            }
        }
    }

    /// <summary>Tells the losses of the call: a lane is frozen from the one on that is not finite.</summary>
    /// <param name="segments">Those of the call.</param>
    /// <param name="measured">What the kernel has measured; of frozen lanes anything.</param>
    /// <param name="ofFrozen">The loss that is told of a frozen lane.</param>
    /// <param name="frozen">Receives which lanes are frozen behind the call.</param>
    /// <param name="losses">Receives the losses.</param>
    public void Report<T>(
        ReadOnlySpan<WindowSegment> segments, ReadOnlySpan<T> measured, double ofFrozen, FrozenLane frozen, Span<StepLoss> losses)
        where T : struct, IFloatingPointIeee754<T>
    {
        foreach (var job in Jobs)
        {
            for (var arm = 0; arm < arms; arm++)
            {
                var isFrozen = false;
                for (var part = job.First; part < job.First + job.Count; part++)
                {
                    var (about, at) = (_parts[part], segments[_calls[part]].Segment.LossOffset + arm);
                    isFrozen = about.Frozen < 0 ? isFrozen : (about.Frozen & (1 << arm)) != 0;
                    for (var s = 0; s < about.Steps; s++, at += arms)
                    {
                        var loss = isFrozen ? ofFrozen : double.CreateTruncating(measured[(int)about.Losses + (s * arms) + arm]);
                        isFrozen |= !double.IsFinite(loss);
                        losses[at] = new StepLoss(loss, isFrozen);
                    }
                }

                frozen(job.Pair, arm) = isFrozen;
            }
        }
    }

    private int Frozen(int pair, FrozenLane frozen)
    {
        var mask = 0;
        for (var arm = 0; arm < arms; arm++)
        {
            mask |= frozen(pair, arm) ? 1 << arm : 0;
        }

        return mask;
    }
}

/// <summary>The segments of one pair; the layout is that of the kernels.</summary>
/// <param name="Pair">Index of the pair.</param>
/// <param name="First">Its first part.</param>
/// <param name="Count">How many it has.</param>
/// <param name="Padding">To 16 bytes.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PairJob(int Pair, int First, int Count, int Padding);
