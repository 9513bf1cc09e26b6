Console.WriteLine("involute");
