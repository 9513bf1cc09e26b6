using System.Globalization;
using Involute.ProcessChild;

// parent COMMAND: a process that has such a child.
if (args[0] == "parent")
{
    Parent.Run(args[1..]);
    return 0;
}

// serve STEP [key=value …]: an honest child. All else is in Hostile.
var settings = args.Skip(2).Where(word => word.Contains('=')).Select(word => word.Split('=', 2))
    .ToDictionary(word => word[0], word => word[1]);
if (settings.TryGetValue("pid", out var file))
{
    // All numbers of processes that were started, a line each.
    File.AppendAllText(file, $"{Environment.ProcessId}\n");
}

using var wire = new Wire();
var server = new StepServer(
    Steps.Of(args.Length > 1 ? args[1] : "drift"),
    new ServerSettings
    {
        Lanes = int.Parse(settings.GetValueOrDefault("lanes", "4096"), CultureInfo.InvariantCulture),
        Varies = settings.ContainsKey("varies"),
        Evaluates = settings.ContainsKey("evaluates"),
        About = settings.GetValueOrDefault("about", "C#"),
    },
    wire);
return args[0] == "serve" ? Serve(server) : new Hostile(server, wire, settings).Run(args[0]);

static int Serve(StepServer server)
{
    server.Run();
    return 0;
}
