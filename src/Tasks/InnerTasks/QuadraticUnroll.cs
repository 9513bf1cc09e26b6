using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>
/// Unrolls an element-wise optimizer on a quadratic, eight lanes of neighbouring pairs side by side: a group of lanes runs
/// through its whole window before the next one begins. The bits are those of <see cref="LaneUnroll"/>.
/// </summary>
/// <remarks>
/// Lanes live in <see cref="QuadraticGroups{TRule}"/> while they step, and where <see cref="OptimizedUnroll"/> knows them when
/// something else asks for them.
/// </remarks>
internal sealed unsafe class QuadraticUnroll<TRule> : OptimizedUnroll, IWindowUnroll<float>
    where TRule : struct, IPackedRule<TRule>
{
    // What the kernel writes before the losses go where they belong: 4 KiB.
    private const int MostSteps = 64;

    private readonly QuadraticGroups<TRule> _groups;
    private readonly double[] _rows = GC.AllocateUninitializedArray<double>((MostSteps + 1) * PackedLanes.Count, pinned: true);
    private readonly Progress[] _progress;
    private readonly SegmentQueue _queue;
    private AlignedBuffer? _lanes;

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public QuadraticUnroll(OptimizedTask problem, int pairs, ArmSet arms, bool drawsCentre)
        : base(problem, pairs, arms)
    {
        _groups = new QuadraticGroups<TRule>(pairs, ArmCount, ParameterCount, PaddedParameters, drawsCentre);
        _progress = new Progress[_groups.PairsPerGroup];
        _queue = new SegmentQueue(pairs);
    }

    /// <inheritdoc/>
    protected override Span<float> Lanes =>
        (_lanes ??= new AlignedBuffer(checked(Pairs * ArmCount * LaneLength))).Span;

    /// <inheritdoc/>
    public override void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses) =>
        Advance(_queue.OfWindow(segments), thetas, losses);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        // An exception of a call before may have left a pair in the middle of a segment.
        Array.Clear(_progress);
        _queue.Fill(segments);
        for (var group = 0; group < _groups.Count; group++)
        {
            Run(group, segments, thetas, losses);
        }
    }

    /// <inheritdoc/>
    protected override void Open(int pair)
    {
        if (_groups.Leave(pair))
        {
            for (var arm = 0; arm < ArmCount; arm++)
            {
                _groups.Write(pair, arm, Lanes.Slice(((pair * ArmCount) + arm) * LaneLength, LaneLength));
            }
        }
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        _groups.Dispose();
        _lanes?.Dispose();
    }

    // Piece by piece: a piece ends where a segment of one of its pairs ends.
    private void Run(int group, ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        var pairs = Math.Min(_groups.PairsPerGroup, Pairs - (group * _groups.PairsPerGroup));
        while (true)
        {
            var (steps, after) = (0, false);
            for (var k = 0; k < pairs; k++)
            {
                ref var progress = ref _progress[k];
                var pair = (group * _groups.PairsPerGroup) + k;
                if (progress.Left == 0 && _queue.TryTake(pair, out var next))
                {
                    progress = Begin(pair, segments[next], thetas);
                }

                // Pairs that measure their losses at another time have a piece of their own.
                progress.Steps = progress.Left > 0 && (steps == 0 || progress.After == after);
                (steps, after) = !progress.Steps ? (steps, after)
                    : (steps == 0 ? Math.Min(progress.Left, MostSteps) : Math.Min(progress.Left, steps), progress.After);
            }

            if (steps == 0)
            {
                return;
            }

            RunPiece(group, pairs, steps, after, losses);
        }
    }

    private Progress Begin(int pair, in WindowSegment part, ArmThetas<float> thetas)
    {
        if (part.Begins is { } trajectory)
        {
            _groups.Begin(pair, Problem.Task, trajectory.Key);

            // Padding is not in the groups; what a loaded state had there ends with its trajectory.
            _lanes?.Span.Slice(pair * ArmCount * LaneLength, ArmCount * LaneLength).Clear();
            for (var arm = 0; arm < ArmCount; arm++)
            {
                Frozen(pair, arm) = false;
            }
        }
        else if (_groups.Enter(pair))
        {
            for (var arm = 0; arm < ArmCount; arm++)
            {
                _groups.Read(pair, arm, Lanes.Slice(((pair * ArmCount) + arm) * LaneLength, LaneLength));
            }
        }

        _groups.Centre(pair, part.Segment.Key);
        for (var arm = 0; arm < ArmCount; arm++)
        {
            _groups.Prepare(pair, arm, thetas[part.Thetas, arm]);
        }

        return new Progress
        {
            Left = part.Segment.Steps,
            Offset = part.Segment.LossOffset,
            After = part.Segment.LossTime.AfterUpdate,
        };
    }

    private void RunPiece(int group, int pairs, int steps, bool after, Span<StepLoss> losses)
    {
        var active = 0u;
        var frozenAt = stackalloc int[PackedLanes.Count];
        for (var lane = 0; lane < pairs * ArmCount; lane++)
        {
            var frozen = Frozen((group * _groups.PairsPerGroup) + (lane / ArmCount), lane % ArmCount);
            active |= _progress[lane / ArmCount].Steps && !frozen ? 1u << lane : 0;
            frozenAt[lane] = frozen ? -1 : int.MaxValue;
        }

        fixed (double* rows = _rows)
        {
            QuadraticKernel<TRule>.Run(_groups.Pointer(group), ParameterCount, steps, after, active, rows, frozenAt);
        }

        for (var lane = 0; lane < pairs * ArmCount; lane++)
        {
            ref var progress = ref _progress[lane / ArmCount];
            if (progress.Steps)
            {
                Frozen((group * _groups.PairsPerGroup) + (lane / ArmCount), lane % ArmCount) =
                    frozenAt[lane] != int.MaxValue;
                Report(lane, steps, frozenAt[lane], losses[(progress.Offset + (lane % ArmCount))..]);
            }
        }

        for (var k = 0; k < pairs; k++)
        {
            ref var progress = ref _progress[k];
            progress.Left -= progress.Steps ? steps : 0;
            progress.Offset += progress.Steps ? steps * ArmCount : 0;
        }
    }

    private void Report(int lane, int steps, int frozenAt, Span<StepLoss> losses)
    {
        for (var step = 0; step < steps; step++)
        {
            var loss = step > frozenAt ? double.NaN : _rows[(step * PackedLanes.Count) + lane];
            losses[step * ArmCount] = new StepLoss(loss, step >= frozenAt);
        }
    }

    /// <summary>How far one pair of the group that runs has come.</summary>
    private struct Progress
    {
        /// <summary>Steps left of its segment.</summary>
        public int Left;

        /// <summary>Where its next loss goes.</summary>
        public int Offset;

        /// <summary>Whether losses are measured behind the update.</summary>
        public bool After;

        /// <summary>Whether it takes part in this piece.</summary>
        public bool Steps;
    }
}
