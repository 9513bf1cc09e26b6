using Involute.Gpu.Driver;
using Involute.Gpu.Windows;

namespace Involute.Gpu.Steps;

/// <summary>A program on a device, and how it is launched.</summary>
internal sealed class StepKernel : IDisposable
{
    private readonly Device _device;
    private readonly DeviceBuffer _program;
    private readonly int _constants;
    private readonly int _slots;

    /// <summary>Puts a program on a device.</summary>
    public StepKernel(Device device, StepProgram program, int thetaLength)
    {
        (_device, _constants, _slots) = (device, program.Constants.Length, program.Slots);
        var words = new List<uint>
        {
            (uint)program.Instructions, (uint)program.SegmentInstructions, (uint)_constants, (uint)_slots, (uint)program.StateLength,
            (uint)thetaLength, (uint)program.Tables, 0,
        };
        words.AddRange(program.Constants);
        words.AddRange(new uint[-words.Count & 3]);
        words.AddRange(program.Code);

        // The kernel reads an instruction ahead.
        words.AddRange(new uint[StepProgram.Words]);
        _program = device.Allocate(words.Count * sizeof(uint));
        using var stream = device.CreateStream();
        stream.Upload<uint>(words.ToArray(), _program);
        stream.Wait();
    }

    /// <summary>Runs the lanes of some pairs; [values] is used where shared memory does not hold their numbers.</summary>
    public void Launch(
        DeviceStream stream, int pairs, int arms, long lanes, GrowingBuffer values, ReadOnlySpan<ulong> addresses)
    {
        var running = (long)pairs * arms;
        var threads = LaneThreads.Of(
            running, _device.Multiprocessors, threads => SharedBytes(threads) <= _device.SharedBytesPerBlock / 2);
        var isShared = SharedBytes(threads) <= _device.SharedBytesPerBlock;
        var kernel = _device.Module("steps").Kernel(
            isShared ? "steps_shared" : "steps_global", isShared ? SharedBytes(threads) : 0);
        List<ulong> arguments = [_program.Address, .. addresses, (ulong)pairs, (ulong)arms, (ulong)lanes];
        if (!isShared)
        {
            arguments.Add(values.Sized(running * _slots * sizeof(float)).Address);
        }

        stream.Launch(kernel, (int)((running + threads - 1) / threads), threads, arguments.ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => _program.Dispose();

    private int SharedBytes(int threads) =>
        (int)Math.Min(int.MaxValue, (_constants + ((long)_slots * threads)) * sizeof(float));
}
