using System.Text;
using Involute.Runs.Configuration;
using Xunit;

namespace Involute.Runs.Tests.Configuration;

/// <summary>Configuration files of a test, in a folder that is deleted after it.</summary>
internal sealed class Files : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("involute-").FullName;

    public string Write(string text, string name = "a.conf") => Write(Encoding.UTF8.GetBytes(text), name);

    public string Write(byte[] bytes, string name = "a.conf")
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The message for a file, with its folder cut off.</summary>
    public string Refusal(byte[] bytes)
    {
        var path = Write(bytes);
        var message = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load([path], [])).Message;
        Assert.DoesNotContain('\n', message);
        return message.Replace(path, "a.conf", StringComparison.Ordinal);
    }

    public string Refusal(string text) => Refusal(Encoding.UTF8.GetBytes(text));

    public RunConfiguration Load(string text, params string[] arguments) =>
        ConfigurationLoader.Load([Write(text)], arguments);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
