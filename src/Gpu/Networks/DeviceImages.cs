using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Involute.Gpu.Driver;
using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Networks;

/// <summary>
/// A data set on a device, once for all unrolls of this process. The test split, which only evaluations use, is brought when it
/// is first asked for.
/// </summary>
internal sealed class DeviceImages
{
    private const int SplitCount = 4;

    private static readonly ConditionalWeakTable<Device, ConditionalWeakTable<ImageDataset, DeviceImages>> All = [];

    private readonly Lazy<Contents> _training;
    private readonly Lazy<Contents> _whole;

    private DeviceImages(Device device, ImageDataset data)
    {
        _training = new(() => new Contents(device, data, [DataSplit.Train, DataSplit.InnerValid, DataSplit.OuterValid]));
        _whole = new(() => new Contents(device, data, Enum.GetValues<DataSplit>()));
    }

    /// <summary>The data set on the device, which is the same object for the same data set.</summary>
    public static DeviceImages Of(Device device, ImageDataset data) =>
        All.GetOrCreateValue(device).GetValue(data, missing => new DeviceImages(device, missing));

    /// <summary>What a call needs that takes examples of the train split, and of another.</summary>
    public Contents With(DataSplit split) => split == DataSplit.Test || _whole.IsValueCreated ? _whole.Value : _training.Value;

    /// <summary>Pixels and labels of some splits, and where each begins.</summary>
    public sealed class Contents
    {
        internal Contents(Device device, ImageDataset data, DataSplit[] splits)
        {
            var (pixels, labels, size) = (0L, 0L, data.Height * data.Width);
            var parts = new Part[SplitCount];
            foreach (var split in splits)
            {
                parts[(int)split] = new Part((int)labels, data[split].Count);
                labels = checked((int)(labels + data[split].Count));
                pixels += data[split].Pixels.Length;
            }

            Pixels = device.Allocate(pixels);
            Labels = device.Allocate(labels);
            Splits = device.Allocate(SplitCount * Part.Bytes);
            using var stream = device.CreateStream();
            foreach (var split in splits)
            {
                stream.Upload(data[split].Pixels, Pixels, (long)parts[(int)split].First * size);
                stream.Upload(data[split].Labels, Labels, parts[(int)split].First);
            }

            stream.Upload<Part>(parts, Splits);
            stream.Wait();
        }

        /// <summary>Bytes of the images, split after split.</summary>
        public DeviceBuffer Pixels { get; }

        /// <summary>Their classes.</summary>
        public DeviceBuffer Labels { get; }

        /// <summary>First image and number of images of each split.</summary>
        public DeviceBuffer Splits { get; }
    }

    /// <summary>Split in Kernels/network.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Part(int First, int Count)
    {
        public const int Bytes = 2 * sizeof(int);
    }
}
