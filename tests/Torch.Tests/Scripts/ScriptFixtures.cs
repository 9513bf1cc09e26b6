using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Regression;
using Involute.Tasks.Unrolls;
using Involute.Torch.Scripts;

namespace Involute.Torch.Tests.Scripts;

/// <summary>Small models and examples.</summary>
internal static class ScriptFixtures
{
    public const int Features = 6;
    public const int Units = 8;
    public const int Classes = 3;
    public const int Rows = 240;

    /// <summary>One hidden layer, as <c>nn.Sequential</c> has it: first, then last.</summary>
    public const string Perceptron =
        """
        input: Tensor) -> Tensor:
            hidden = torch.relu(torch.linear(input, self.first.weight, self.first.bias))
            return torch.linear(hidden, self.last.weight, self.last.bias)
        """;

    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The parameters of <see cref="Perceptron"/>.</summary>
    public static Dictionary<string, ScriptTensor> Tensors(int outputs = Classes) => new()
    {
        ["first.weight"] = Drawn(0, Units, Features),
        ["first.bias"] = Drawn(1, Units),
        ["last.weight"] = Drawn(2, outputs, Units),
        ["last.bias"] = new ScriptTensor([outputs], new float[outputs]),
    };

    /// <summary>Normal numbers, half as large.</summary>
    public static ScriptTensor Drawn(uint place, params int[] sizes)
    {
        var values = new float[sizes.Aggregate(1, (all, size) => all * size)];
        new CounterStream(place, 0, 0, 0, RandomStream.ParameterInitialisation).FillNormal(values);
        return new ScriptTensor(sizes, Array.ConvertAll(values, value => value / 2));
    }

    /// <summary>Points of three clouds, and which cloud each is of.</summary>
    public static (float[] Inputs, long[] Targets) Clouds()
    {
        var inputs = new float[Rows * Features];
        new CounterStream(9, 0, 0, 0, RandomStream.InnerNoise).FillNormal(inputs);
        var targets = new long[Rows];
        for (var row = 0; row < Rows; row++)
        {
            targets[row] = row % Classes;
            inputs[(row * Features) + (int)targets[row]] += 2;
        }

        return (inputs, targets);
    }

    /// <summary>Which rows a step's batch has.</summary>
    public static int[] RowsOf(StepKey key, DataSplit split, int batchSize)
    {
        var splits = new RowSplits(Rows);
        var (first, count) = splits.Range(split);
        var order = splits.Order();
        var indices = new int[batchSize];
        new BatchOrder().Fill(key, split, RandomStream.DataOrder, count, indices);
        return Array.ConvertAll(indices, index => order[first + index]);
    }

    /// <summary>An NPZ file.</summary>
    public static byte[] Npz(params (string Name, byte[] Array)[] arrays)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, array) in arrays)
            {
                var entry = archive.CreateEntry(name + ".npy");
                entry.LastWriteTime = Epoch;
                using var stream = entry.Open();
                stream.Write(array);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>An NPY file.</summary>
    public static byte[] Npy<T>(string type, T[] elements, params int[] sizes)
        where T : unmanaged
    {
        var shape = string.Concat(sizes.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size}, ")));
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(117) + "\n";
        return
        [
            0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header),
            .. MemoryMarshal.AsBytes(elements.AsSpan()),
        ];
    }

    /// <summary>The clouds as an NPZ file.</summary>
    public static byte[] CloudsFile()
    {
        var (inputs, targets) = Clouds();
        return Npz(("inputs", Npy("<f4", inputs, Rows, Features)), ("targets", Npy("<i8", targets, Rows)));
    }

    /// <summary>Options with a model and examples in a folder.</summary>
    public static TorchScriptOptions Options(string folder, byte[]? model = null, byte[]? data = null)
    {
        var options = new TorchScriptOptions
        {
            File = Path.Combine(folder, "model.pt"),
            Data = Path.Combine(folder, "examples.npz"),
            BatchSize = 12,
        };
        File.WriteAllBytes(options.File, model ?? ScriptArchive.Write(Tensors(), Perceptron));
        File.WriteAllBytes(options.Data, data ?? CloudsFile());
        return options;
    }
}
