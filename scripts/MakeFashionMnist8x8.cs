#:project ../src/Tasks/Tasks.csproj

// Second half of make-fashion-mnist-8x8: reads, resizes and writes with the code that users run.
using System.Buffers.Binary;
using System.IO.Compression;
using Involute.Tasks.Images;

var (source, target) = (args[0], args[1]);
foreach (var part in new[] { "train", "t10k" })
{
    var (images, labels) = ($"{part}-images-idx3-ubyte.gz", $"{part}-labels-idx1-ubyte.gz");
    var data = IdxFile
        .Read(Path.Combine(source, images), Path.Combine(source, labels), FashionMnist.Classes)
        .Resized(FashionMnist.EmbeddedSize, FashionMnist.EmbeddedSize);
    Write(images, data.Pixels, data.Count, data.Height, data.Width);
    Write(labels, data.Labels, data.Count);
}

void Write(string name, ReadOnlySpan<byte> elements, params int[] sizes)
{
    using var file = File.Create(Path.Combine(target, $"fashion-mnist-8x8-{name}"));
    using var gzip = new GZipStream(file, CompressionLevel.SmallestSize);
    gzip.Write([0, 0, 8, (byte)sizes.Length]);
    Span<byte> size = stackalloc byte[sizeof(int)];
    foreach (var value in sizes)
    {
        BinaryPrimitives.WriteInt32BigEndian(size, value);
        gzip.Write(size);
    }

    gzip.Write(elements);
}
