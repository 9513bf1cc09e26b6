using Involute.Gpu.Driver;

namespace Involute.Gpu.Windows;

/// <summary>What an unroll has on its device: a stream, the states of its lanes, what a window brings and what it leaves.</summary>
/// <typeparam name="TLoss">As kernels measure losses.</typeparam>
internal sealed class WindowMemory<TLoss> : IDisposable
    where TLoss : unmanaged
{
    private readonly DeviceBuffer _state;
    private readonly GrowingBuffer[] _inputs;
    private readonly GrowingBuffer _results;
    private readonly int _floats;
    private TLoss[] _losses = [];

    /// <summary>Memory for the lanes of an unroll, zeroed.</summary>
    /// <param name="device">Where.</param>
    /// <param name="floats">Of all states.</param>
    /// <param name="inputs">Arrays that a window brings.</param>
    public unsafe WindowMemory(Device device, int floats, int inputs)
    {
        Stream = device.CreateStream();
        _floats = floats;
        _state = device.Allocate(Math.Max(1, (long)floats * sizeof(float)));
        _inputs = [.. Enumerable.Range(0, inputs).Select(_ => new GrowingBuffer(device))];
        _results = new GrowingBuffer(device);
    }

    /// <summary>Through which all goes.</summary>
    public DeviceStream Stream { get; }

    /// <summary>Where the states are.</summary>
    public ulong States => _state.Address;

    /// <summary>Where losses go; valid until the next window.</summary>
    public ulong Results => _results.Address;

    /// <summary>Makes place for the losses of a window.</summary>
    public unsafe void Prepare(int losses)
    {
        if (_losses.Length < losses)
        {
            _losses = new TLoss[losses];
        }

        _results.Sized((long)losses * sizeof(TLoss));
    }

    /// <summary>Brings an input of a window to the device.</summary>
    public void Upload<T>(int input, ReadOnlySpan<T> values)
        where T : unmanaged => _inputs[input].Upload(Stream, values);

    /// <summary>Where an input is; valid until it is brought again.</summary>
    public ulong Input(int input) => _inputs[input].Address;

    /// <summary>Waits for a window and reads its losses, which are valid until the next one.</summary>
    public ReadOnlySpan<TLoss> Losses(int count)
    {
        var losses = _losses.AsSpan(0, count);
        Stream.Download(_results.Buffer, 0, losses);
        return losses;
    }

    /// <summary>Reads all states.</summary>
    public float[] ReadStates()
    {
        var values = new float[_floats];
        Stream.Download<float>(_state, 0, values);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var input in _inputs)
        {
            input.Dispose();
        }

        _results.Dispose();
        _state.Dispose();
        Stream.Dispose();
    }
}
