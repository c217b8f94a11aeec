lockorder_sample_test(philosophers left_then_right HANGS)
foreach(name one_left_handed asks_the_waiter ordered_forks)
  lockorder_sample_test(philosophers ${name})
endforeach()
