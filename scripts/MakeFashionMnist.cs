#:project ../src/Tasks/Tasks.csproj

// Second half of make-fashion-mnist: reads, resizes and writes with the code that users run.
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Involute.Tasks.Images;

var (source, target) = (args[0], args[1]);
var (size, training, test) = (Number(args[2]), Number(args[3]), Number(args[4]));
foreach (var (part, count) in new[] { ("train", training), ("t10k", test) })
{
    var (images, labels) = ($"{part}-images-idx3-ubyte.gz", $"{part}-labels-idx1-ubyte.gz");
    var data = IdxFile
        .Read(Path.Combine(source, images), Path.Combine(source, labels), FashionMnist.Classes)
        .Slice(0, count)
        .Resized(size, size);
    Write(images, data.Pixels, data.Count, data.Height, data.Width);
    Write(labels, data.Labels, data.Count);
}

int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

void Write(string name, ReadOnlySpan<byte> elements, params int[] sizes)
{
    using var file = File.Create(Path.Combine(target, $"fashion-mnist-{size}x{size}-{name}"));
    using var gzip = new GZipStream(file, CompressionLevel.SmallestSize);
    gzip.Write([0, 0, 8, (byte)sizes.Length]);
    Span<byte> length = stackalloc byte[sizeof(int)];
    foreach (var value in sizes)
    {
        BinaryPrimitives.WriteInt32BigEndian(length, value);
        gzip.Write(length);
    }

    gzip.Write(elements);
}
