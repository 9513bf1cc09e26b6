using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Involute.ProcessChild;

/// <summary>What children do that they must not do, by the names of what they do.</summary>
public sealed class Hostile(StepServer server, Wire wire, IReadOnlyDictionary<string, string> settings)
{
    private int Call => Number("call", 1);

    public int Run(string name)
    {
        switch (name)
        {
            case "exits":
                Console.Error.WriteLine("first words");
                Console.Error.WriteLine("last words");
                return 7;
            case "says-farewell":
                server.Run();
                File.WriteAllText(settings["farewell"], "well");
                return 0;
            case "exits-in-call":
                server.Run(call => Exit(call == Call));
                return 0;
            case "is-killed-in-call":
                server.Run(call => Kill(call == Call));
                return 0;
            case "hangs-in-greeting":
                Hang();
                return 0;
            case "hangs-in-call":
                return Greeted(Hang);
            case "starts-slowly":
                Thread.CurrentThread.Join(Number("ms", 500));
                server.Run();
                return 0;
            case "prints-first":
                Print("hello world\n");
                server.Run();
                return 0;
            case "prints-between":
                server.Run(call => Print(call == Call, "step 1 done\n"));
                return 0;
            case "answers":
                return Answers();
            case "greets":
                wire.ReadGreeting();
                wire.Send(Wire.Greeting, Encoding.UTF8.GetBytes(settings["json"]));
                Hang();
                return 0;
            case "greets-of":
                wire.ReadGreeting();
                wire.Send((ushort)Number("kind", 1), server.Greeting().Length, (byte)Number("version", 1));
                Hang();
                return 0;
            case "greets-error":
                wire.ReadGreeting();
                wire.Send(Wire.Error, """{"type":"ImportError", "message":"no numpy", "where":"x.py:1"}"""u8);
                Hang();
                return 0;
            case "greets-loudly":
                Console.Error.WriteLine("a warning of \u001b[31mred\u001b[0m");
                server.Run();
                return 0;
            case "tells-length":
                return TellsLength();
            case "changes":
                return Changes();
            case "floods":
                return Floods();
            case "fails":
                return Fails();
            case "ignores-end":
                server.Run();
                Hang();
                return 0;
            case "leaves-child":
                LeaveChild();
                server.Run();
                return 0;
            case "leaves-daemon":
                LeaveChild("setsid");
                server.Run(call => Exit(call == Call));
                return 0;
            case "leaves-child-and-hangs":
                LeaveChild();
                return Greeted(Hang);
            default:
                throw new ArgumentException($"no mode {name}");
        }
    }

    private int Number(string key, int otherwise) =>
        settings.TryGetValue(key, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static void Hang() => Thread.CurrentThread.Join(Timeout.Infinite);

    private int Greeted(Action then)
    {
        wire.ReadGreeting();
        wire.Send(Wire.Greeting, server.Greeting());
        then();
        return 0;
    }

    private static void Exit(bool now)
    {
        if (now)
        {
            Console.Error.WriteLine("the bearing is broken");
            Environment.Exit(9);
        }
    }

    private static void Kill(bool now)
    {
        if (now)
        {
            Process.GetCurrentProcess().Kill();
        }
    }

    private void Print(string text)
    {
        wire.Output.Write(Encoding.UTF8.GetBytes(text));
        wire.Output.Flush();
    }

    private void Print(bool now, string text)
    {
        if (now)
        {
            Print(text);
        }
    }

    // The answer to the call is a wrong one.
    private int Answers() => Greeted(() =>
    {
        for (var call = 1; wire.Read() != 0; call++)
        {
            var length = server.Advance();
            if (call != Call)
            {
                wire.Send(Wire.Advance, length);
                continue;
            }

            wire.Send(
                (ushort)Number("kind", Wire.Advance),
                length + Number("more", 0),
                (byte)Number("version", 1),
                settings.ContainsKey("flags") ? (ushort)Number("flags", 0) : null,
                settings.ContainsKey("told") ? Number("told", 0) : null);
            Print(settings.GetValueOrDefault("behind", ""));
            if (settings.ContainsKey("twice"))
            {
                wire.Send(Wire.Advance, length);
            }

            if (settings.TryGetValue("done", out var done))
            {
                File.WriteAllText(done, "");
            }
        }
    });

    // The state of the first lane is longer than any.
    private int TellsLength() => Greeted(() =>
    {
        while (wire.Read() != 0)
        {
            var steps = BinaryPrimitives.ReadUInt32LittleEndian(wire.Payload[(24 + 24)..]);
            var lanes = BinaryPrimitives.ReadUInt32LittleEndian(wire.Payload);
            var length = server.Advance();
            BinaryPrimitives.WriteUInt32LittleEndian(
                wire.Answer(length, 0)[(int)(8 * steps * lanes)..], (uint)Number("length", 0));
            wire.Send(Wire.Advance, length);
        }
    });

    // All but the first process of a file greet otherwise.
    private int Changes()
    {
        var isFirst = !File.Exists(settings["file"]);
        File.AppendAllText(settings["file"], "x");
        if (isFirst)
        {
            server.Run(call => Exit(call == Call));
            return 0;
        }

        var greeting = Encoding.UTF8.GetString(server.Greeting());
        wire.ReadGreeting();
        wire.Send(Wire.Greeting, Encoding.UTF8.GetBytes(greeting.Replace(settings["from"], settings["to"], StringComparison.Ordinal)));
        Hang();
        return 0;
    }

    // Fills standard error in every call.
    private int Floods()
    {
        var error = Console.OpenStandardError();
        var text = Encoding.UTF8.GetBytes(settings.ContainsKey("endless")
            ? new string('x', 1 << 16)
            : string.Concat(Enumerable.Repeat("a line of a flood\n", 4096)));
        server.Run(_ =>
        {
            for (var bytes = 0L; bytes < Number("mb", 1) * 1_000_000L; bytes += text.Length)
            {
                error.Write(text);
            }
        });
        return 0;
    }

    // Answers with an error in one call.
    private int Fails()
    {
        return Greeted(() =>
        {
            for (var call = 1; wire.Read() != 0; call++)
            {
                if (call == Call)
                {
                    wire.Send(Wire.Error, Encoding.UTF8.GetBytes(
                        """{"type":"ValueError", "message":"bad gain\nof 3", "where":"pendulum.py:41", "trace":"Traceback:\n  line 41\nValueError: bad gain"}"""));
                    continue;
                }

                wire.Send(Wire.Advance, server.Advance());
            }
        });
    }

    // It has the streams of this process, and does not end.
    private void LeaveChild(params string[] starter)
    {
        string[] words = [.. starter, "sleep", "1000"];
        var child = Process.Start(new ProcessStartInfo(words[0], words[1..]))!;
        File.AppendAllText(settings["child"], $"{child.Id}\n");
    }
}
