using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Involute.Processes.Children;
using Involute.Processes.Frames;
using Involute.Tasks.Unrolls;

namespace Involute.Processes.Problems;

/// <summary>One call of a child for some lanes: writes the request, and takes the answer apart.</summary>
/// <param name="layout">Where the parts stand.</param>
/// <param name="states">The lanes' states.</param>
internal sealed class LaneCall(CallLayout layout, LaneStates states)
{
    /// <summary>Asks a child.</summary>
    /// <param name="child">The child.</param>
    /// <param name="kind">What is asked.</param>
    /// <param name="lanes">The lanes, at least one.</param>
    /// <param name="thetas">What they run under.</param>
    /// <returns>Losses and, of <see cref="FrameKind.Advance"/>, states; valid until the child's next call.</returns>
    public Answer Ask(ChildProcess child, FrameKind kind, ReadOnlySpan<CalledLane> lanes, ArmThetas<float> thetas)
    {
        var length = layout.Request(lanes.Length);
        Write(child.Request(length), lanes, thetas);
        var losses = kind == FrameKind.Advance ? Steps(lanes) : lanes.Length;
        var answer = child.Call(
            kind,
            length,
            kind == FrameKind.Advance ? layout.Answer(losses, lanes.Length) : CallLayout.AnswerLengths(losses),
            Place(lanes));
        return new Answer(answer, layout, (int)losses, lanes.Length);
    }

    /// <summary>Where a call stands, for messages.</summary>
    public static CallPlace Place(ReadOnlySpan<CalledLane> lanes) =>
        new(lanes.Length, lanes[0].Key.Pair, lanes[0].FirstStep);

    private static long Steps(ReadOnlySpan<CalledLane> lanes)
    {
        var steps = 0L;
        foreach (var lane in lanes)
        {
            steps += lane.Steps;
        }

        return steps;
    }

    private void Write(Span<byte> request, ReadOnlySpan<CalledLane> lanes, ArmThetas<float> thetas)
    {
        var at = CallLayout.Preface;
        foreach (var lane in lanes)
        {
            lane.Write(request.Slice(at, CallLayout.LaneSize));
            at += CallLayout.LaneSize;
        }

        foreach (var lane in lanes)
        {
            var theta = MemoryMarshal.AsBytes(thetas[lane.Thetas, lane.Arm]);
            theta.CopyTo(request[at..]);
            at += theta.Length;
        }

        request[at..layout.Lengths(lanes.Length)].Clear();
        WriteStates(request, lanes);
    }

    private void WriteStates(Span<byte> request, ReadOnlySpan<CalledLane> lanes)
    {
        var lengths = request[layout.Lengths(lanes.Length)..layout.States(lanes.Length)];
        lengths.Clear();
        var at = layout.States(lanes.Length);
        for (var i = 0; i < lanes.Length; i++)
        {
            var state = lanes[i].Begins ? default : states[lanes[i].Pair, lanes[i].Arm];
            var whole = request.Slice(at, layout.StateStride);
            state.CopyTo(whole);
            whole[state.Length..].Clear();
            at += layout.StateStride;
            if (layout.HasLengths)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(lengths[(sizeof(uint) * i)..], (uint)state.Length);
            }
        }
    }

    /// <summary>An answer.</summary>
    public readonly ref struct Answer
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private readonly CallLayout _layout;
        private readonly int _lengthsAt;
        private readonly int _statesAt;

        /// <summary>Views its bytes.</summary>
        public Answer(ReadOnlySpan<byte> bytes, CallLayout layout, int losses, int lanes)
        {
            _bytes = bytes;
            _layout = layout;
            _lengthsAt = CallLayout.AnswerLengths(losses);
            _statesAt = layout.AnswerStates(losses, lanes);
        }

        /// <summary>A loss, counted through all lanes.</summary>
        public double Loss(int index) => BinaryPrimitives.ReadDoubleLittleEndian(_bytes[(sizeof(double) * index)..]);

        /// <summary>Length of a lane's state as the child tells it.</summary>
        public long StateLength(int lane) => _layout.HasLengths
            ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(_lengthsAt + (sizeof(uint) * lane))..])
            : _layout.StateBytes;

        /// <summary>A lane's state.</summary>
        public ReadOnlySpan<byte> State(int lane) =>
            _bytes.Slice(_statesAt + (_layout.StateStride * lane), (int)StateLength(lane));
    }
}
