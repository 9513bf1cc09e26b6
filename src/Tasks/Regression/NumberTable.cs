using Involute.Tasks.Images;

namespace Involute.Tasks.Regression;

/// <summary>A table of finite numbers within the range of float32, row by row.</summary>
/// <param name="Columns">Columns, 1 to <see cref="MostColumns"/>.</param>
/// <param name="Values">Rows × columns numbers.</param>
internal sealed record NumberTable(int Columns, double[] Values)
{
    /// <summary>Most columns that are read.</summary>
    public const int MostColumns = 65_536;

    /// <summary>Size of the largest file that is read, in bytes.</summary>
    public const long MostBytes = NpyArray.MostBytes;

    /// <summary>Number of rows.</summary>
    public int Rows => Values.Length / Columns;

    /// <summary>Reads a CSV or NPY file; its first bytes tell which.</summary>
    /// <exception cref="DataFormatException">It is missing, too large, or not what it should be.</exception>
    public static NumberTable Read(string path)
    {
        try
        {
            using var stream = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            if (!stream.CanSeek || stream.Length == 0)
            {
                throw new DataFormatException(
                    path, "it has no length: it is empty, a pipe or a device", "a CSV or NPY file");
            }

            if (stream.Length > MostBytes)
            {
                throw new DataFormatException(path, $"{stream.Length} bytes", $"at most {MostBytes} (1 GiB)");
            }

            return NpyTable.IsNpy(path, stream) ? NpyTable.Read(path, stream) : CsvTable.Read(path, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(path, $"cannot be read ({e.Message})", "a CSV or NPY file");
        }
    }

    /// <summary>What is wrong with a number, or null; NaN and what would be infinite as a float is refused.</summary>
    public static string? ProblemOf(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsInfinity(value) ? "an infinite number"
        : Math.Abs(value) > float.MaxValue ? "a number beyond the range of float32"
        : null;

    /// <summary>What is allowed, for messages about one number.</summary>
    public const string AllowedNumber = "a finite number, at most 3.4e38 in size";
}
