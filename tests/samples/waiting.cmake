foreach(name upgrade read_again semaphore_pair join_holding signal_handler static_initialiser)
  lockorder_sample_test(waiting ${name} HANGS)
endforeach()
lockorder_sample_test(waiting plugin_locks WITH ${PROJECT_SOURCE_DIR}/samples/waiting/plugin_with_constructor.c)
foreach(name livelock livelock_random_pause wait_holding wait_released lost_wakeup kept_wakeup upgrade_released two_processes
    loans_greedy loans_by_banker)
  lockorder_sample_test(waiting ${name})
endforeach()

add_test(NAME samples.stalls
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/stall_test.py --lockorder $<TARGET_FILE:lockorder>
    --samples $<TARGET_FILE_DIR:wait_holding>)
set_tests_properties(samples.stalls PROPERTIES LABELS samples TIMEOUT 300 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
