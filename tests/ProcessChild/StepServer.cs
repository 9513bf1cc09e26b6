using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.ProcessChild;

/// <summary>What is not the step function's.</summary>
public sealed record ServerSettings
{
    public int Lanes { get; init; } = 4096;

    /// <summary>Whether zeros at a state's end are left out.</summary>
    public bool Varies { get; init; }

    public bool Evaluates { get; init; }

    public string About { get; init; } = "C#";

    public double Ceiling { get; init; } = 1e30;
}

/// <summary>Serves a step function honestly.</summary>
public sealed class StepServer(IStepFunction<float> step, ServerSettings settings, Wire wire)
{
    private const int LaneSize = 32;
    private const int Preface = 24;

    private readonly float[] _state = new float[step.StateLength];

    private int StateBytes => sizeof(float) * step.StateLength;

    private int Stride => Padded(StateBytes);

    /// <summary>The greeting.</summary>
    public byte[] Greeting()
    {
        var initial = new float[step.Layout.Length];
        step.InitialTheta(0, initial);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            name = step.Name,
            theta = step.Layout.Slices.Select(slice => new
            {
                name = slice.Name,
                shape = slice.Shape,
                initial = initial.Skip(slice.Offset).Take(slice.Length),
            }),
            stateBytes = StateBytes,
            stateVaries = settings.Varies,
            ceiling = settings.Ceiling,
            lanes = settings.Lanes,
            evaluates = settings.Evaluates,
            about = settings.About,
        });
    }

    /// <summary>Answers until the input ends.</summary>
    /// <param name="before">What is done before each call, with its number from 1.</param>
    public void Run(Action<int>? before = null)
    {
        wire.ReadGreeting();
        wire.Send(Wire.Greeting, Greeting());
        var call = 0;
        for (var kind = wire.Read(); kind != 0; kind = wire.Read())
        {
            before?.Invoke(++call);
            var length = kind == Wire.Evaluate ? Evaluate() : Advance();
            wire.Send(kind, length);
        }
    }

    /// <summary>Writes the answer of the request that was read; returns its length.</summary>
    public int Advance()
    {
        var request = wire.Payload;
        var lanes = (int)BinaryPrimitives.ReadUInt32LittleEndian(request);
        var steps = 0;
        for (var lane = 0; lane < lanes; lane++)
        {
            steps += Lane.Read(request, lane).Steps;
        }

        var lengthsAt = sizeof(double) * steps;
        var statesAt = lengthsAt + (settings.Varies ? Padded(sizeof(uint) * lanes) : 0);
        var total = statesAt + (lanes * Stride);
        var answer = wire.Answer(total, (long)BinaryPrimitives.ReadUInt64LittleEndian(request[16..]));
        request = wire.Payload;
        answer[lengthsAt..statesAt].Clear();
        var loss = 0;
        for (var i = 0; i < lanes; i++)
        {
            var lane = Lane.Read(request, i);
            var theta = Theta(request, lanes, i);
            Begin(request, lanes, i, lane, theta);
            for (var s = 0; s < lane.Steps; s++)
            {
                var value = step.Step(theta, lane.Key.At(lane.First + s), _state);
                BinaryPrimitives.WriteDoubleLittleEndian(answer[(sizeof(double) * loss++)..], value);
            }

            End(answer, lengthsAt, statesAt, i);
        }

        return total;
    }

    private int Evaluate()
    {
        var request = wire.Payload;
        var lanes = (int)BinaryPrimitives.ReadUInt32LittleEndian(request);
        var answer = wire.Answer(sizeof(double) * lanes, (long)BinaryPrimitives.ReadUInt64LittleEndian(request[16..]));
        request = wire.Payload;
        for (var i = 0; i < lanes; i++)
        {
            var lane = Lane.Read(request, i);
            var theta = Theta(request, lanes, i);
            var sum = 0.0;
            for (var s = 0; s < lane.Steps; s++)
            {
                Begin(request, lanes, i, lane, theta);
                sum += step.Step(theta, lane.Key.At(lane.First + s), _state);
            }

            // Only the test that asks for it looks at the split.
            BinaryPrimitives.WriteDoubleLittleEndian(answer[(sizeof(double) * i)..], (sum / lane.Steps) + (1000 * lane.Split));
        }

        return sizeof(double) * lanes;
    }

    private ReadOnlySpan<float> Theta(ReadOnlySpan<byte> request, int lanes, int lane) =>
        MemoryMarshal.Cast<byte, float>(request[(Preface + (LaneSize * lanes))..])
            .Slice(lane * step.Layout.Length, step.Layout.Length);

    private void Begin(ReadOnlySpan<byte> request, int lanes, int i, Lane lane, ReadOnlySpan<float> theta)
    {
        Array.Clear(_state);
        if (lane.Begins)
        {
            step.Initialise(theta, new Trajectory(lane.Key, lane.Horizon), _state);
            return;
        }

        var lengthsAt = Preface + (LaneSize * lanes) + Padded(sizeof(float) * step.Layout.Length * lanes);
        var statesAt = lengthsAt + (settings.Varies ? Padded(sizeof(uint) * lanes) : 0);
        var length = settings.Varies
            ? (int)BinaryPrimitives.ReadUInt32LittleEndian(request[(lengthsAt + (sizeof(uint) * i))..])
            : StateBytes;
        request.Slice(statesAt + (Stride * i), length).CopyTo(MemoryMarshal.AsBytes(_state.AsSpan()));
    }

    private void End(Span<byte> answer, int lengthsAt, int statesAt, int i)
    {
        var bytes = MemoryMarshal.AsBytes(_state.AsSpan());
        if (settings.Varies)
        {
            bytes = bytes[..(bytes.LastIndexOfAnyExcept((byte)0) + 1)];
            BinaryPrimitives.WriteUInt32LittleEndian(answer[(lengthsAt + (sizeof(uint) * i))..], (uint)bytes.Length);

            // What lies behind a state must not matter.
            answer.Slice(statesAt + (Stride * i), Stride).Fill(0xEE);
        }

        bytes.CopyTo(answer[(statesAt + (Stride * i))..]);
    }

    private static int Padded(int bytes) => (bytes + 7) & ~7;

    private readonly record struct Lane(TrajectoryKey Key, int Horizon, int First, int Steps, bool Begins, int Split)
    {
        public static Lane Read(ReadOnlySpan<byte> request, int lane)
        {
            var bytes = request.Slice(Preface + (LaneSize * lane), LaneSize);
            var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]);
            return new Lane(
                new TrajectoryKey(
                    BinaryPrimitives.ReadInt64LittleEndian(bytes),
                    (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..])),
                (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]),
                (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
                (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
                (flags & 1) != 0,
                (int)(flags >> 8) & 3);
        }
    }
}
