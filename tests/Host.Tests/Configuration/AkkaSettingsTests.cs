using Akka.Configuration;
using Involute.Runs.Configuration;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Configuration;

public sealed class AkkaSettingsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Akka_gets_its_own_settings_merged_and_written_anew()
    {
        var configuration = ConfigurationLoader.Load(
            [File("akka { # ] }\n a = [\"]\", b, {c = 1}] // {\n loglevel = INFO, /b/* { t = 10 s }, p = a/b }\n"
                + "akka.c.x = 10s # why\n")],
            ["akka.loglevel=a\"b", "akka.c.y=[1, 2]"]);
        Assert.Equal(
            """
            akka {
              a = ["]", b, {c = 1}]
              loglevel = "a\"b"
              "/b/*" {
                t = 10 s
              }
              p = "a/b"
              c {
                x = 10s
                y = [1, 2]
              }
            }

            """.ReplaceLineEndings("\n"),
            configuration.Akka);
        Assert.Equal(configuration, ConfigurationLoader.Parse(configuration.ToHocon(), "x"));

        var akka = ConfigurationFactory.ParseString(configuration.Akka);
        Assert.Equal(("a\"b", "a/b"), (akka.GetString("akka.loglevel"), akka.GetString("akka.p")));
        Assert.Equal([1, 2], akka.GetIntList("akka.c.y"));
    }

    private string File(string text)
    {
        var path = _folder.File("a.conf");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
