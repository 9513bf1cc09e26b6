using Involute.Tasks.Images;
using Involute.Tasks.Regression;

namespace Involute.Torch.Scripts;

/// <summary>Reads a whole file of the user's.</summary>
internal static class ReadFile
{
    /// <summary>Its bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be, for messages.</param>
    /// <exception cref="DataFormatException">It is missing, empty, too large, or cannot be read.</exception>
    public static byte[] Whole(string path, string expected)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!stream.CanSeek || stream.Length == 0)
            {
                throw new DataFormatException(path, "it has no length: it is empty, a pipe or a device", expected);
            }

            if (stream.Length > NpyArray.MostBytes)
            {
                throw new DataFormatException(
                    path, $"{stream.Length} bytes", $"at most {NpyArray.MostBytes} (1 GiB)");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(path, $"cannot be read ({problem.Message})", expected);
        }
    }
}
