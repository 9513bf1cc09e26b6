using System.Runtime.InteropServices;

namespace Involute.Gpu.Driver;

/// <summary>
/// Work of a device in its order, beside that of other streams. Calls may come from any thread, one after the other; only
/// <see cref="Download"/> and <see cref="Wait"/> wait for the device.
/// </summary>
internal sealed unsafe class DeviceStream : IDisposable
{
    /// <summary>Of the memory through which uploads go, and which they may have in flight.</summary>
    private const long LeastStaging = 1L << 20, MostStaging = 32L << 20;

    /// <summary>CUstream_flags: does not wait for the default stream, which nothing uses.</summary>
    private const uint NonBlocking = 1;

    private readonly Device _device;
    private readonly Lock _lock = new();
    private nint _handle;
    private PinnedMemory? _staging;

    internal DeviceStream(Device device)
    {
        _device = device;
        nint handle;
        device.Enter();
        device.Check(device.Functions.StreamCreate(&handle, NonBlocking), "making a stream");
        _handle = handle;
    }

    private DriverFunctions Functions => _device.Functions;

    /// <summary>Copies to the device. <paramref name="from"/> may be changed as soon as this returns.</summary>
    public void Upload<T>(ReadOnlySpan<T> from, DeviceBuffer to, long byteOffset = 0)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(from);
        var address = to.Part(byteOffset, bytes.Length);
        lock (_lock)
        {
            Enter();
            for (var done = 0; done < bytes.Length;)
            {
                var part = bytes[done..(int)Math.Min(bytes.Length, done + MostStaging)];
                var staged = Stage(part.Length);
                part.CopyTo(new Span<byte>((void*)staged, part.Length));
                _device.Check(Functions.CopyToDevice(address + (ulong)done, staged, (nuint)part.Length, _handle), "a copy to the device");
                done += part.Length;
            }
        }

        GC.KeepAlive(to);
    }

    /// <summary>Copies from the device, and waits for all that was asked for before.</summary>
    public void Download<T>(DeviceBuffer from, long byteOffset, Span<T> to)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(to);
        var address = from.Part(byteOffset, bytes.Length);
        lock (_lock)
        {
            Enter();
            for (var done = 0; done < bytes.Length;)
            {
                var part = bytes[done..(int)Math.Min(bytes.Length, done + MostStaging)];
                var staged = Stage(part.Length);
                _device.Check(Functions.CopyToHost(staged, address + (ulong)done, (nuint)part.Length, _handle), "a copy from the device");
                Synchronize();
                new ReadOnlySpan<byte>((void*)staged, part.Length).CopyTo(part);
                done += part.Length;
            }

            if (bytes.Length == 0)
                Synchronize();
        }

        GC.KeepAlive(from);
    }

    /// <summary>Fills with zero bytes.</summary>
    public void Clear(DeviceBuffer buffer, long byteOffset, long bytes)
    {
        var address = buffer.Part(byteOffset, bytes);
        if (bytes == 0)
            return;
        lock (_lock)
        {
            Enter();
            _device.Check(Functions.FillBytes(address, 0, (nuint)bytes, _handle), "clearing memory");
        }

        GC.KeepAlive(buffer);
    }

    /// <summary>Copies within the device. The parts do not overlap.</summary>
    public void Copy(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long bytes)
    {
        var (source, target) = (from.Part(fromOffset, bytes), to.Part(toOffset, bytes));
        if (bytes == 0)
            return;
        lock (_lock)
        {
            Enter();
            _device.Check(Functions.CopyOnDevice(target, source, (nuint)bytes, _handle), "a copy within the device");
        }

        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    /// <summary>Runs a kernel. The caller keeps the buffers alive until the stream was waited for.</summary>
    /// <param name="kernel">Of the same device.</param>
    /// <param name="blocks">At least one.</param>
    /// <param name="threads">Of a block.</param>
    /// <param name="arguments">Addresses and 64-bit integers, as many as the kernel takes.</param>
    public void Launch(DeviceKernel kernel, int blocks, int threads, ReadOnlySpan<ulong> arguments)
    {
        var addresses = stackalloc void*[arguments.Length];
        lock (_lock)
        {
            Enter();
            fixed (ulong* first = arguments)
            {
                for (var i = 0; i < arguments.Length; i++)
                    addresses[i] = first + i;
                _device.Check(
                    Functions.Launch(kernel.Function, (uint)blocks, 1, 1, (uint)threads, 1, 1, (uint)kernel.DynamicSharedBytes, _handle, addresses, null),
                    $"launching {kernel.Entry}");
            }
        }
    }

    /// <summary>Waits until all is done that was asked for.</summary>
    public void Wait()
    {
        lock (_lock)
        {
            Enter();
            Synchronize();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_handle != 0 && _device.IsOpen && _device.TryEnter())
                _ = Functions.StreamDestroy(_handle);
            _handle = 0;
            _staging?.Dispose();
            _staging = null;
        }
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        _device.Enter();
    }

    private void Synchronize()
    {
        _device.Check(Functions.StreamSynchronize(_handle), "waiting for the device");
        _staging?.Reuse();
    }

    /// <summary>Memory for one copy; waits for earlier ones where all is in use.</summary>
    private nint Stage(long bytes)
    {
        if (_staging is not null && _staging.TryTake(bytes, out var part))
            return part;
        Synchronize();
        // Twice as much as one copy takes, so that the next one need not wait for it.
        var wanted = Math.Clamp((long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes * 2), LeastStaging, MostStaging);
        if (_staging is null || (_staging.Bytes < wanted && _staging.Bytes < MostStaging))
        {
            _staging?.Dispose();
            _staging = null;
            _staging = new PinnedMemory(_device, wanted);
        }

        return _staging.TryTake(bytes, out part) ? part : throw new InvalidOperationException("a copy larger than its staging memory");
    }
}
