using System.Runtime.InteropServices;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Networks;

/// <summary>When a loss is measured, as Kernels/segment.h counts it.</summary>
internal enum MeasureTime
{
    BeforeUpdate = 0,
    SameBatchAfterUpdate = 1,
    OnSplitAfterUpdate = 2,
    Evaluation = 3,
}

/// <summary>
/// Segment in Kernels/segment.h: the pair's number in the run times 256; the first of its losses on the device; which of the call's
/// initial parameters it begins with, −1 if it goes on; which of the call's constants it runs under.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct DeviceSegment
{
    public const int Bytes = 12 * sizeof(int);

    private readonly uint _seed0, _seed1, _trajectory, _pair;
    private readonly int _firstStep, _steps, _losses, _start, _row, _time, _split, _spare;

    public DeviceSegment(
        TrajectoryKey key, int firstStep, int steps, int losses, int start, int row, MeasureTime time, DataSplit split)
    {
        (_seed0, _seed1, _trajectory, _pair) = ((uint)key.Seed, (uint)((ulong)key.Seed >> 32), key.Trajectory, (uint)key.Pair << 8);
        (_firstStep, _steps, _losses, _start, _row) = (firstStep, steps, losses, start, row);
        (_time, _split, _spare) = ((int)time, (int)split, 0);
    }
}

/// <summary>Work in Kernels/segment.h: which segments a block runs, and the first of its lanes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DeviceWork(int Lane, int Arm, int First, int Count)
{
    public const int Bytes = 4 * sizeof(int);
}

/// <summary>
/// What the host says of a window: a block's segments, what they run under, which trajectories begin. One piece of memory, one
/// copy; kept from call to call.
/// </summary>
internal sealed class WindowCall(int pairs, int arms, DeviceRule rule)
{
    private readonly int[] _counts = new int[pairs];
    private readonly int[] _firsts = new int[pairs];
    private readonly List<int> _rows = [];
    private int[] _rowOf = [];
    private byte[] _bytes = [];
    private int _used;

    /// <summary>Where the parts begin, in bytes.</summary>
    public long WorksAt { get; private set; }

    /// <summary>Where the segments begin.</summary>
    public long SegmentsAt { get; private set; }

    /// <summary>Where the constants begin, [row, arm, constants].</summary>
    public long ConstantsAt { get; private set; }

    /// <summary>Where the numbers of the segments stand that begin a trajectory, [start].</summary>
    public long StartsAt { get; private set; }

    /// <summary>How many begin one.</summary>
    public int Starts { get; private set; }

    /// <summary>Losses that it brings, [segment, step, arm].</summary>
    public int Losses { get; private set; }

    /// <summary>Works in their order: first those of the lanes' first arms.</summary>
    public int Works { get; private set; }

    /// <summary>Pairs that have a segment.</summary>
    public int Active { get; private set; }

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _used);

    /// <summary>Says what a window is.</summary>
    /// <param name="parts">As the unroll got them.</param>
    /// <param name="thetas">What arms run under.</param>
    /// <param name="group">Lanes of a block: with 2, the first two arms of a pair share one; further arms have their own.</param>
    public void Fill(ReadOnlySpan<WindowSegment> parts, ArmThetas<float> thetas, int group)
    {
        Count(parts);
        var perPair = group == 1 ? arms : arms - 1;
        Works = Active * perPair;
        Lay(parts.Length);
        var works = Part<DeviceWork>(WorksAt, Works);
        for (int pair = 0, active = 0; pair < pairs; pair++)
        {
            if (_counts[pair] > 0)
            {
                // Arm by arm, so that one launch takes those of one kernel.
                for (var work = 0; work < perPair; work++)
                {
                    var arm = work == 0 ? 0 : work + group - 1;
                    works[(work * Active) + active] = new DeviceWork((pair * arms) + arm, arm, _firsts[pair], _counts[pair]);
                }

                active++;
            }
        }

        Write(parts);
        for (var row = 0; row < _rows.Count; row++)
        {
            for (var arm = 0; arm < arms; arm++)
            {
                rule.Prepare(
                    thetas[_rows[row], arm],
                    Part<float>(ConstantsAt, _rows.Count * arms * rule.Constants).Slice(((row * arms) + arm) * rule.Constants, rule.Constants));
            }
        }
    }

    /// <summary>Says what an evaluation of one pair is: its lanes, one in a block, none of them changed.</summary>
    public void FillEvaluation(int pair, EvaluationKey key)
    {
        _rows.Clear();
        Starts = 0;
        Works = arms;
        Active = 1;
        Losses = checked(key.Batches * arms);
        Lay(1);
        for (var arm = 0; arm < arms; arm++)
        {
            Part<DeviceWork>(WorksAt, arms)[arm] = new DeviceWork((pair * arms) + arm, arm, 0, 1);
        }

        Part<DeviceSegment>(SegmentsAt, 1)[0] = new DeviceSegment(
            key.Trajectory, key.FirstBatch, key.Batches, losses: 0, start: -1, row: 0, MeasureTime.Evaluation, key.Split);
    }

    // How many segments each pair has, what begins, and which thetas there are.
    private void Count(ReadOnlySpan<WindowSegment> parts)
    {
        Array.Clear(_counts);
        Array.Clear(_rowOf);
        _rows.Clear();
        Starts = 0;
        var losses = 0L;
        foreach (var part in parts)
        {
            _counts[part.Segment.Pair]++;
            losses += (long)part.Segment.Steps * arms;
            Starts += part.Begins is null ? 0 : 1;
            if (part.Thetas >= _rowOf.Length)
            {
                Array.Resize(ref _rowOf, Math.Max(2 * _rowOf.Length, part.Thetas + 1));
            }

            if (_rowOf[part.Thetas] == 0)
            {
                _rows.Add(part.Thetas);
                _rowOf[part.Thetas] = _rows.Count;
            }
        }

        Losses = checked((int)losses);
        Active = 0;
        for (int pair = 0, first = 0; pair < pairs; first += _counts[pair++])
        {
            _firsts[pair] = first;
            Active += _counts[pair] > 0 ? 1 : 0;
        }
    }

    private void Write(ReadOnlySpan<WindowSegment> parts)
    {
        var segments = Part<DeviceSegment>(SegmentsAt, parts.Length);
        var starts = Part<int>(StartsAt, Starts);
        Span<int> next = _firsts;
        var (losses, start) = (0, 0);
        foreach (var part in parts)
        {
            var segment = part.Segment;
            var (time, split) = segment.LossTime switch
            {
                { AfterUpdate: false } => (MeasureTime.BeforeUpdate, DataSplit.Train),
                { Split: { } other } => (MeasureTime.OnSplitAfterUpdate, other),
                _ => (MeasureTime.SameBatchAfterUpdate, DataSplit.Train),
            };
            var number = next[segment.Pair]++;
            segments[number] = new DeviceSegment(
                segment.Key, segment.FirstStep, segment.Steps, losses, part.Begins is null ? -1 : start, _rowOf[part.Thetas] - 1, time, split);
            if (part.Begins is not null)
            {
                starts[start++] = number;
            }

            losses += segment.Steps * arms;
        }
    }

    private void Lay(int segments)
    {
        const int alignment = 16;
        var used = 0L;
        long Next(long bytes)
        {
            var at = used;
            used = (at + bytes + alignment - 1) / alignment * alignment;
            return at;
        }

        WorksAt = Next((long)Works * DeviceWork.Bytes);
        SegmentsAt = Next((long)segments * DeviceSegment.Bytes);
        ConstantsAt = Next((long)_rows.Count * arms * rule.Constants * sizeof(float));
        StartsAt = Next((long)Starts * sizeof(int));
        _used = checked((int)used);
        if (_bytes.Length < _used)
        {
            _bytes = new byte[_used + (_used / 4)];
        }
    }

    private Span<T> Part<T>(long at, int count)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_bytes.AsSpan((int)at))[..count];
}
