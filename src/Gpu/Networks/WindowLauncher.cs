using Involute.Gpu.Driver;
using Involute.Gpu.Problems;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Networks;

/// <summary>Chooses the kernels of a window, keeps the memory that a launch needs, launches and reads the losses.</summary>
internal sealed class WindowLauncher : IDisposable
{
    private const int Threads = 256;

    private readonly Device _device;
    private readonly DeviceStream _stream;
    private readonly NetworkShape _shape;
    private readonly LaneMemory _lanes;
    private readonly LanePlacement _placement;
    private readonly DeviceImages _images;
    private readonly int _pairs;
    private readonly int _arms;
    private readonly GrowingBuffer _call;
    private readonly GrowingBuffer _losses;
    private readonly GrowingBuffer _starts;
    private DeviceBuffer? _fusedScratch;
    private DeviceBuffer? _fusedShape;
    private General? _general;
    private double[] _values = [];

    /// <summary>Prepares an unroll's launches.</summary>
    public WindowLauncher(
        Device device, DeviceStream stream, NetworkShape shape, LaneMemory lanes, LanePlacement placement, int pairs, int arms)
    {
        (_device, _stream, _shape, _lanes, _pairs, _arms) = (device, stream, shape, lanes, pairs, arms);
        _images = DeviceImages.Of(device, shape.Task.Data);
        (_call, _losses, _starts) = (new(device), new(device), new(device));
        var isFused = shape.IsFused && shape.Task.Data[DataSplit.Train].Count >= NetworkShape.SmallestNetwork;
        _placement = placement != LanePlacement.ByLanes ? placement
            : isFused ? FusedLayout.Choose(device, pairs * arms, arms)
            : LanePlacement.General;
    }

    /// <summary>The kernels of a window: the fused ones measure a loss before the update.</summary>
    public LanePlacement PlacementOf(ReadOnlySpan<WindowSegment> segments)
    {
        foreach (var part in segments)
        {
            if (part.Segment.LossTime.AfterUpdate)
            {
                return LanePlacement.General;
            }
        }

        return _placement;
    }

    /// <summary>Runs a window and waits for it.</summary>
    /// <param name="call">What to run.</param>
    /// <param name="placement">On which kernels.</param>
    /// <param name="split">The split that is used beside the train split.</param>
    /// <returns>Its losses, [segment, step, arm], valid until the next call.</returns>
    public ReadOnlySpan<double> Run(WindowCall call, LanePlacement placement, DataSplit split)
    {
        var images = _images.With(split);
        _call.Upload(_stream, call.Bytes);
        _losses.Sized(call.Losses * (long)sizeof(double));
        _starts.Sized(call.Starts * (long)_shape.Padded * sizeof(float));
        if (placement == LanePlacement.General)
        {
            LaunchGeneral(call, images);
        }
        else
        {
            LaunchFused(call, images, placement);
        }

        if (_values.Length < call.Losses)
        {
            _values = new double[call.Losses];
        }

        _stream.Download(_losses.Buffer, 0, _values.AsSpan(0, call.Losses));
        GC.KeepAlive(images);
        return _values.AsSpan(0, call.Losses);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _call.Dispose();
        _losses.Dispose();
        _starts.Dispose();
        _fusedScratch?.Dispose();
        _fusedShape?.Dispose();
        _general?.Dispose();
    }

    private void LaunchFused(WindowCall call, DeviceImages.Contents images, LanePlacement placement)
    {
        if (_fusedScratch is null)
        {
            var floats = _shape.Learned is null ? _shape.Rule.Slots * (long)FusedLayout.ScratchFloats : _shape.ScratchFloats(activations: false);
            _fusedScratch = _device.Allocate(Math.Max(1, _pairs * _arms * floats * sizeof(float)));
            _fusedShape = Uploaded(activationsInScratch: false);
        }

        DrawStarts(call, _fusedShape!);
        var module = _device.Module(_shape.Rule.Fused!);
        var done = 0;
        if (placement == LanePlacement.PairPerBlock)
        {
            Launch(module.Kernel(_shape.Rule.Fused + "_pair", FusedLayout.PairBytes), call.Active);
        }

        if (done < call.Works)
        {
            Launch(module.Kernel(_shape.Rule.Fused + "_lane", FusedLayout.LaneBlockBytes), call.Works - done);
        }

        void Launch(DeviceKernel kernel, int works)
        {
            ulong[] arguments =
            [
                _call.Address + (ulong)(call.WorksAt + (done * (long)DeviceWork.Bytes)), _call.Address + (ulong)call.SegmentsAt,
                _call.Address + (ulong)call.ConstantsAt, _starts.Address, _lanes.Buffer.Address, images.Pixels.Address,
                images.Labels.Address, _losses.Address, _fusedScratch!.Address, (ulong)_lanes.Stride, (ulong)_arms,
                (ulong)_shape.Task.Data[DataSplit.Train].Count, _fusedShape!.Address,
            ];
            // Only the kernels of learned optimizers take the shape.
            _stream.Launch(kernel, works, FusedLayout.Threads, _shape.Learned is null ? arguments.AsSpan(..^1) : arguments);
            done += works;
        }
    }

    private void LaunchGeneral(WindowCall call, DeviceImages.Contents images)
    {
        var general = _general ??= new General(_device, _shape, _pairs * _arms, Uploaded);
        DrawStarts(call, general.Shape);
        _stream.Launch(general.Kernel, Math.Min(call.Works, general.Blocks), Threads,
        [
            general.Shape.Address, _call.Address + (ulong)call.WorksAt, _call.Address + (ulong)call.SegmentsAt,
            _call.Address + (ulong)call.ConstantsAt, _starts.Address, _lanes.Buffer.Address, images.Pixels.Address,
            images.Labels.Address, images.Splits.Address, _losses.Address, general.Scratch.Address, (ulong)_lanes.Stride, (ulong)_arms,
            (ulong)call.Works,
        ]);
    }

    // Initial parameters of the trajectories that begin in the window.
    private void DrawStarts(WindowCall call, DeviceBuffer shape) => Initials.Draw(
        _device, _stream, "initial_weights", call.Starts, _shape.Task.ParameterCount,
        [shape.Address, _call.Address + (ulong)call.SegmentsAt, _call.Address + (ulong)call.StartsAt, _starts.Address]);

    private DeviceBuffer Uploaded(bool activationsInScratch)
    {
        var words = _shape.Words(activationsInScratch);
        var buffer = _device.Allocate(words.Length * sizeof(int));
        _stream.Upload<int>(words, buffer);
        return buffer;
    }

    /// <summary>The kernel of networks of any sizes, and what it needs: made when it is first used.</summary>
    private sealed class General : IDisposable
    {
        public General(Device device, NetworkShape shape, int lanes, Func<bool, DeviceBuffer> uploaded)
        {
            var kernel = NetworkKernel.Of(shape, device.SharedBytesPerBlock);
            Kernel = device.Module(kernel.Module).Kernel(kernel.Entry, (int)shape.SharedBytes(kernel.Tile, kernel.IsShared));
            var places = Math.Max(1, Kernel.BlocksPerMultiprocessor(Threads)) * device.Multiprocessors;
            Blocks = Math.Min(lanes, places);
            Scratch = device.Allocate(Blocks * shape.ScratchFloats(activations: !kernel.IsShared) * sizeof(float));
            Shape = uploaded(!kernel.IsShared);
        }

        public DeviceKernel Kernel { get; }

        /// <summary>Blocks that run at once.</summary>
        public int Blocks { get; }

        /// <summary>A part for each block.</summary>
        public DeviceBuffer Scratch { get; }

        /// <summary>NetworkShape of the kernels.</summary>
        public DeviceBuffer Shape { get; }

        public void Dispose()
        {
            Scratch.Dispose();
            Shape.Dispose();
        }
    }
}
