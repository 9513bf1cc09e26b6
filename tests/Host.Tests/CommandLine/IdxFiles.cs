using System.Buffers.Binary;
using System.IO.Compression;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A tiny data set in the IDX format, whole until a test breaks it.</summary>
internal static class IdxFiles
{
    public const string TrainImages = "train-images-idx3-ubyte";
    public const string TrainLabels = "train-labels-idx1-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";
    private const int Side = 8;

    public static void Write(string folder)
    {
        WriteImages(Path.Combine(folder, TrainImages), 100);
        WriteLabels(Path.Combine(folder, TrainLabels), 100);
        WriteImages(Path.Combine(folder, "t10k-images-idx3-ubyte"), 20);
        WriteLabels(Path.Combine(folder, TestLabels), 20);
    }

    /// <summary>Replaces a file by the first half of its gzip.</summary>
    public static void HalveCompressed(string path)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(File.ReadAllBytes(path));
        }

        File.Delete(path);
        File.WriteAllBytes(path + ".gz", memory.ToArray()[..(int)(memory.Length / 2)]);
    }

    public static void SetByte(string path, int position, byte value)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[position] = value;
        File.WriteAllBytes(path, bytes);
    }

    private static void WriteImages(string path, int count) =>
        Write(path, [count, Side, Side], i => (byte)(i * 37 % 251));

    private static void WriteLabels(string path, int count) => Write(path, [count], i => (byte)(i % 10));

    private static void Write(string path, int[] sizes, Func<int, byte> element)
    {
        var header = 4 + (4 * sizes.Length);
        var bytes = new byte[header + sizes.Aggregate((a, b) => a * b)];
        bytes[2] = 8;
        bytes[3] = (byte)sizes.Length;
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), sizes[i]);
        }

        for (var i = header; i < bytes.Length; i++)
        {
            bytes[i] = element(i - header);
        }

        File.WriteAllBytes(path, bytes);
    }
}
